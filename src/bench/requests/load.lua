-- The requests of wrk: wrk -s load.lua URL -- KIND SEED POSTS USERS [CHARACTERS]; ids are from 1 to POSTS.
-- No response(): wrk then counts answers that are no 2xx or 3xx by itself, and parses no headers.

local kinds = {}
local posts, users, body

kinds["by-id"] = function()
  return wrk.format("GET", "/posts/" .. math.random(posts))
end

kinds["newest"] = function()
  return wrk.format("GET", "/posts?order=id.desc&limit=20")
end

kinds["after"] = function()
  return wrk.format("GET", "/posts?id=gt." .. math.random(0, posts - 20) .. "&limit=20")
end

kinds["insert"] = function()
  return wrk.format("POST", "/posts", nil, string.format(body, math.random(posts), math.random(users)))
end

function init(args)
  math.randomseed(tonumber(args[2]))
  posts, users = tonumber(args[3]), tonumber(args[4])
  local text = "The quick brown fox jumps over the lazy dog, and over the next one, and over all of them. "
  local characters = tonumber(args[5] or 150)
  body = '{"title":"Post number %d","content":"' .. text:rep(characters / #text + 1):sub(1, characters) .. '","user_id":%d}'
  wrk.headers["Content-Type"] = "application/json"
  request = kinds[args[1]]
end

-- Read by Wrk.java: requests, microseconds, errors, p50 and p99 in microseconds.
function done(summary, latency)
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
