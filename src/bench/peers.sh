# Sourced by the script beside it: builds and starts the peers.

# A JDK from 21 on: JAVA25_HOME, JAVA_HOME, that of the PATH, those beside it.
later_java() {
    local candidate home best='' version newest=20
    if [ -n "${JAVA25_HOME:-}" ]; then
        echo "$JAVA25_HOME/bin/java"
        return
    fi
    home=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
    for candidate in "$home" "$(dirname "$home")"/*; do
        [ -x "$candidate/bin/javac" ] || continue
        version=$(java_version "$candidate/bin/java")
        version=${version%%[.-]*}
        if [ "$version" -gt "$newest" ]; then
            newest=$version best=$candidate/bin/java
        fi
    done
    [ -n "$best" ] || { echo 'A JDK from 21 on is missing: set JAVA25_HOME' >&2; return 1; }
    echo "$best"
}

# A Python that has what the peer imports.
python() {
    local candidate
    for candidate in $(type -ap python3); do
        if "$candidate" -c 'import fastapi, uvicorn, sqlalchemy, psycopg2' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo 'Python packages are missing: apt-get install python3-fastapi python3-uvicorn python3-uvloop python3-httptools' \
        'python3-sqlalchemy python3-psycopg2' >&2
    return 1
}

build_peer() {
    local name=$1 peer=$bench/peers/$1 home
    case $name in
        mvc | vertx) home=$(later_java) && home=${home%/bin/java} ;;
        webflux) home=${JAVA_HOME:-} ;;
        fastapi) python >/dev/null; return ;;
        nchan) needs nginx 'apt-get install nginx libnginx-mod-nchan'; return ;;
        *) echo "No such peer: $name" >&2; return 2 ;;
    esac
    if [ ! -f "$peer/target/peer.jar" ] ||
        [ -n "$(find "$peer/pom.xml" "$peer/src" -newer "$peer/target/peer.jar" -print -quit)" ]; then
        (cd "$root" && JAVA_HOME=$home ./mvnw -B -q -f "$peer/pom.xml" package >&2)
    fi
}

# serve NAME PORT PATH COMMAND...: starts a service and waits until it answers. Its URL and pid are then in url_NAME,
# pid_NAME; how long it took, in ms_NAME.
serve() {
    local name=$1 port=$2 path=$3 from pid tries
    shift 3
    mkdir -p "$work/$name"
    from=${EPOCHREALTIME/./}
    (cd "$work/$name" && exec env -i PATH="$PATH" HOME="$HOME" "$@" >log 2>&1) &
    pid=$!
    pids+=("$pid")
    for ((tries = 0; tries < 3000; tries++)); do
        if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null &&
            curl -sf --max-time 10 -o /dev/null "http://127.0.0.1:$port$path"; then
            printf -v "ms_$name" %s $(((${EPOCHREALTIME/./} - from) / 1000))
            printf -v "url_$name" %s "http://127.0.0.1:$port"
            printf -v "pid_$name" %s "$pid"
            return
        fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.02
    done
    echo "$name did not start:" >&2
    tail -n 20 "$work/$name/log" >&2
    return 1
}

# Ends what was started last.
stop_last() {
    kill "${pids[-1]}"
    wait "${pids[-1]}" 2>/dev/null || true
    unset 'pids[-1]'
}

# The median of the numbers.
median() {
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# Postfeed with an archive of classes, as the README's "A faster start" makes it: how long it took to answer is then in
# ms_archived, of as many starts as $starts says the median. It has ended then.
start_archived() {
    local app=$work/app record use i port times=()
    if [ "$(java_version "$java" | cut -d . -f 1)" -ge 25 ]; then
        record=-XX:AOTCacheOutput=$app/postfeed.aot use=-XX:AOTCache=$app/postfeed.aot
    else
        record=-XX:ArchiveClassesAtExit=$app/postfeed.jsa use=-XX:SharedArchiveFile=$app/postfeed.jsa
    fi
    "$java" -Djarmode=tools -jar "$work/postfeed.jar" extract --force --destination "$app" >/dev/null
    port=$(free_port)
    env -i PATH="$PATH" HOME="$HOME" SERVER_PORT="$port" DATABASE_URL="$database" \
        "$java" "$record" -Dspring.context.exit=onRefresh -jar "$app/postfeed.jar" >"$work/archive" 2>&1
    for ((i = 0; i < starts; i++)); do
        serve archived "$port" /posts/1 SERVER_PORT="$port" DATABASE_URL="$database" LOGGING_LEVEL_DEV_POSTFEED_ACCESS=off \
            "$java" "$use" -jar "$app/postfeed.jar"
        times+=("$ms_archived")
        stop_last
    done
    ms_archived=$(median "${times[@]}")
    printf -- '- postfeed with an archive of classes: answered %s ms after its start\n' "$ms_archived"
}

# No access log: the peers have none.
start_peer() {
    local name=$1 port after=${database#*://} user hostport dbname later what
    port=$(free_port)
    user=${after%%@*} dbname=${after##*/} hostport=${after#*@} hostport=${hostport%%/*}
    case $name in
        postfeed)
            local times=() i
            for ((i = 1; i <= ${starts:-1}; i++)); do
                [ $i = 1 ] || stop_last
                # shellcheck disable=SC2086
                serve postfeed "$port" /posts/1 SERVER_PORT="$port" DATABASE_URL="$database" \
                    LOGGING_LEVEL_DEV_POSTFEED_ACCESS=off POSTFEED_FEED_MAX_SUBSCRIBERS=100000 "$java" ${NODE_JVM_OPTIONS:-} -jar "$work/postfeed.jar"
                times+=("$ms_postfeed")
            done
            ms_postfeed=$(median "${times[@]}")
            what="Java $(java_version "$java")${NODE_JVM_OPTIONS:+, $NODE_JVM_OPTIONS}"
            ;;
        mvc)
            later=$(later_java)
            serve mvc "$port" /posts/1 SERVER_PORT="$port" SPRING_DATASOURCE_URL="jdbc:postgresql://$hostport/$dbname" \
                SPRING_DATASOURCE_USERNAME="$user" "$later" -jar "$bench/peers/mvc/target/peer.jar"
            what="Java $(java_version "$later")"
            ;;
        vertx)
            later=$(later_java)
            serve vertx "$port" /posts/1 SERVER_PORT="$port" DATABASE_URL="$database" \
                "$later" -jar "$bench/peers/vertx/target/peer.jar"
            what="Java $(java_version "$later")"
            ;;
        webflux)
            serve webflux "$port" /posts/1 SERVER_PORT="$port" SPRING_R2DBC_URL="r2dbc:postgresql://$hostport/$dbname" \
                SPRING_R2DBC_USERNAME="$user" "$java" -jar "$bench/peers/webflux/target/peer.jar"
            what="Java $(java_version "$java")"
            ;;
        fastapi)
            later=$(python)
            serve fastapi "$port" /posts/1 DATABASE_URL="$database" PYTHONDONTWRITEBYTECODE=1 \
                "$later" -m uvicorn --app-dir "$bench/peers/fastapi" --host 127.0.0.1 --port "$port" --workers 2 \
                --no-access-log --log-level warning peer:app
            what=$("$later" --version)
            ;;
        nchan)
            later=$(nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p')/ngx_nchan_module.so
            [ -f "$later" ] || { echo 'nchan is missing: apt-get install libnginx-mod-nchan' >&2; return 1; }
            mkdir -p "$work/nchan"
            chmod 711 "$work" "$work/nchan" # Its workers are another user.
            sed "s,PORT,$port,; s,WORK,$work/nchan,; s,MODULE,$later," "$bench/peers/nchan/nginx.conf" \
                >"$work/nchan/nginx.conf"
            serve nchan "$port" /ready "$(command -v nginx)" -e stderr -c "$work/nchan/nginx.conf"
            what=$(nginx -v 2>&1)
            ;;
    esac
    later=ms_$name
    printf -- '- %s: %s, answered %s ms after its start\n' "$name" "$what" "${!later}"
}
