# Sourced by the scripts here: a PostgreSQL and nodes of Postfeed, in a directory that goes when the script ends.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$bench/../.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()
load=$(cut -d ' ' -f 1 /proc/loadavg)

# Ends what was started, the database last; keeps nothing.
finish() {
    local status=$? i postmaster="$work/database/.postfeed/postgres/postmaster.pid"
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill "${pids[i]}" 2>/dev/null || true
        wait "${pids[i]}" 2>/dev/null || true
    done
    # A node that was killed has left its database running.
    if [ -f "$postmaster" ]; then
        kill -INT "$(head -n 1 "$postmaster")" 2>/dev/null || true
    fi
    if [ $status -ne 0 ]; then
        grep -sE ' (WARN|ERROR) ' "$work"/*/log | tail -n 20 >&2 || true
    fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
ulimit -n "$(ulimit -Hn)"

# needs COMMAND WHAT_TO_INSTALL
needs() {
    command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }
}

# node NAME JVM_OPTIONS SETTING=VALUE... starts a node and waits for it; its URL and pid are then in url_NAME, pid_NAME.
# Its jar and its java are those of this tree and shell, unless node_jar and node_java name others.
node() {
    local name=$1 options=$2 pid seconds
    shift 2
    mkdir "$work/$name"
    # None of this shell's settings: the node is as it is shipped, but for its access log, since the peers have none.
    # shellcheck disable=SC2086
    (cd "$work/$name" && exec env -i PATH="$PATH" HOME="$HOME" SERVER_PORT=0 LOGGING_LEVEL_DEV_POSTFEED_ACCESS=off "$@" \
        "${node_java:-$java}" $options -jar "${node_jar:-$work/postfeed.jar}" >log 2>&1) &
    pid=$!
    pids+=("$pid")
    for ((seconds = 0; seconds < 120; seconds++)); do
        if grep -qs 'PostgreSQL is at' "$work/$name/log"; then
            printf -v "url_$name" %s "$(sed -n 's/.*Postfeed is at \(http[^ ]*[^/]\).*/\1/p' "$work/$name/log")"
            printf -v "pid_$name" %s "$pid"
            return
        fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 1
    done
    echo "Node $name did not start:" >&2
    tail -n 5 "$work/$name/log" >&2
    return 1
}

# A node that is there for its PostgreSQL alone: what is measured can then be stopped without it. Its URL and the pid of
# its postmaster are then in database, postmaster.
start_database() {
    node database '-Xmx128m -XX:+UseSerialGC' POSTFEED_FEED_ENABLED=false POSTFEED_EMBEDDED_PORT="$(free_port)"
    database=$(sed -n 's/.*PostgreSQL is at \(.*\)/\1/p' "$work/database/log")
    postmaster=$(head -n 1 "$work/database/.postfeed/postgres/postmaster.pid")
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo $port
}

# The jar of this tree, or nothing. Its own time is that of the project; when it was built, the archiver's directory tells.
built_jar() {
    find "$root/target" -maxdepth 1 -name 'postfeed-*.jar' 2>/dev/null
}

up_to_date() {
    [ -n "$(built_jar)" ] && [ -z "$(find "$root/src/main" "$root/pom.xml" -newer "$root/target/maven-archiver" -print -quit)" ]
}

# prepare [JAR]: a copy of the jar, or of POSTFEED_JAR, or of that of this tree, built when it has to be; and the classes
# of the programs here. A copy, since a build meanwhile would take the classes away from under the nodes.
prepare() {
    local jar=${1:-${POSTFEED_JAR:-}}
    if [ -z "$jar" ] && ! up_to_date; then
        (cd "$root" && ./mvnw -B -q -DskipTests package >&2)
    fi
    cp "${jar:-$(built_jar)}" "$work/postfeed.jar"
    "${java}c" -d "$work/classes" "$bench"/measure/*.java "$bench"/feed/*.java "$bench"/requests/*.java
}

# program NAME OPTION...: runs one of them, for LIMIT seconds at most.
program() {
    timeout --foreground "$limit" "$java" -XX:+UseSerialGC -Xmx1g -cp "$work/classes" "$@"
}

java_version() {
    "$1" --version | sed -n '1s/[^ ]* \([^ ]*\).*/\1/p'
}

commit() {
    git -C "$root" describe --always --dirty 2>/dev/null || echo unknown
}
