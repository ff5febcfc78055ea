-- The requests of wrk: wrk -t1 -s load.lua URL -- SECONDS KIND SEED FIRST POSTS USERS CHARACTERS; ids are from FIRST on.
-- No response(): wrk then counts answers that are no 2xx or 3xx by itself, and parses no headers.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanos; } timespec; int clock_gettime(int clock, timespec *time);")

local kinds = {}
local seconds, first, last, users, body
local time, finish = ffi.new("timespec"), nil

-- Nothing is sent after SECONDS, and wrk runs a little longer: it would end with requests in flight, and services that
-- are left by their clients may lose connections of their pool for ever (Spring Data R2DBC does).
function delay()
  ffi.C.clock_gettime(1, time)
  local now = tonumber(time.seconds) + tonumber(time.nanos) / 1e9
  finish = finish or now + seconds
  return now < finish and 0 or 3600000
end

kinds["by-id"] = function()
  return wrk.format("GET", "/posts/" .. math.random(first, last))
end

kinds["newest"] = function()
  return wrk.format("GET", "/posts?order=id.desc&limit=20")
end

kinds["after"] = function()
  return wrk.format("GET", "/posts?id=gt." .. math.random(first - 1, last - 20) .. "&limit=20")
end

kinds["insert"] = function()
  return wrk.format("POST", "/posts", nil, string.format(body, math.random(last), math.random(users)))
end

function init(args)
  seconds = tonumber(args[1])
  math.randomseed(tonumber(args[3]))
  first = tonumber(args[4])
  last = first + tonumber(args[5]) - 1
  users = tonumber(args[6])
  local text = "The quick brown fox jumps over the lazy dog, and over the next one, and over all of them. "
  local characters = tonumber(args[7])
  body = '{"title":"Post number %d","content":"' .. text:rep(characters / #text + 1):sub(1, characters) .. '","user_id":%d}'
  wrk.headers["Content-Type"] = "application/json"
  request = kinds[args[2]]
end

-- Read by Wrk.java: requests, errors, p50 and p99 in microseconds.
function done(summary, latency)
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d", summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
