# The runnable layout, app/target/forebay: building it when it is missing or stale, once at a time. Sourced after jdk.sh.

readonly LAYOUT=$ROOT/app/target/forebay
readonly MAIN_CLASS=io.forebay.app.ForebayMain
readonly JVM_FLAGS="-Dio.netty.leakDetection.level=disabled --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -Xmx512m"

# Whether a source, a resource or a POM of what the command runs with is newer than the layout.
layout_is_stale() {
  local stamp=$LAYOUT/built module changed
  [ -f "$stamp" ] || return 0
  for module in "$ROOT"/*/pom.xml; do
    module=${module%/pom.xml}
    case $module in */system-test | */bench) continue ;; esac
    changed=$(find "$module/pom.xml" "$module/src/main" -newer "$stamp" 2>/dev/null | head -n 1)
    [ -z "$changed" ] || return 0
  done
  changed=$(find "$ROOT/pom.xml" "$ROOT/.mvn" -newer "$stamp" | head -n 1)
  [ -n "$changed" ]
}

# Holds the build lock until unlock_builds or the end of this process.
lock_builds() {
  mkdir -p "$ROOT/target"
  exec 9>"$ROOT/target/build.lock"
  if command -v flock >/dev/null; then
    flock --nonblock 9 || {
      echo "forebay: another build is running, waiting for it" >&2
      flock 9
    }
  else
    perl -e 'use Fcntl ":flock"; open(my $lock, ">&=9") or die; flock($lock, LOCK_EX) or die'
  fi
}

unlock_builds() {
  exec 9>&-
}

# The class path in a fixed order: the AOT cache is valid for one order only.
layout_class_path() {
  local LC_ALL=C jar path=
  for jar in "$LAYOUT"/lib/*.jar; do
    path=$path:$jar
  done
  printf '%s' "${path#:}"
}

# RocksDB's library beside the class path, where the JVM finds it: from its jar, it is unpacked into a temporary file at
# each start. Where its name is another one, on musl or Windows, that is what happens still.
unpack_native() {
  local name
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) name=librocksdbjni-linux64.so ;;
    Linux-aarch64) name=librocksdbjni-linux-aarch64.so ;;
    Darwin-x86_64) name=librocksdbjni-osx-x86_64.jnilib ;;
    Darwin-arm64) name=librocksdbjni-osx-arm64.jnilib ;;
    *) return 0 ;;
  esac
  mkdir -p "$LAYOUT/native"
  (cd "$LAYOUT/native" && "$JAVA_HOME/bin/jar" xf "$(echo "$LAYOUT"/lib/rocksdbjni-*.jar)" "$name")
}

# A cache of the classes that a server loads and links, which more than halves the time to start: made from a short run
# of one that replays the log of one that was killed, and stores and reads a little. Doing without it is no failure.
train_layout() {
  local data=$LAYOUT/training.data server
  rm -rf "$data"
  start_in_training "$data" -Xshare:auto
  kill -9 "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  start_in_training "$data" -XX:AOTCacheOutput="forebay.aot"
  kill "$server" 2>/dev/null || true
  # 143 is the end by SIGTERM, behind which the cache is complete.
  wait "$server" || [ "$?" -eq 143 ] || rm -f "$LAYOUT/forebay.aot"
  rm -rf "$data"
}

# Starts a server on that data with that option of the JVM, and asks a little of it; its process id is in $server.
start_in_training() {
  local log=$LAYOUT/training.log url
  : >"$log"
  # shellcheck disable=SC2086
  (cd "$LAYOUT" && exec "$JAVA_HOME/bin/java" "$2" $JVM_FLAGS "-Djava.library.path=$LAYOUT/native" \
    -cp "$(layout_class_path)" \
    "$MAIN_CLASS" server --data "$1" --listen 127.0.0.1:0 --control 127.0.0.1:0 9>&- >"$log" 2>&1) &
  server=$!
  while kill -0 "$server" 2>/dev/null && ! grep -q '^ready ' "$log"; do
    sleep 0.1
  done
  url=$(sed -n 's,^ready http://,,p' "$log")
  [ -z "$url" ] || exercise_server "${url%:*}" "${url##*:}" || true
}

# A few requests on both faces. Bash connects by itself: curl need not be there.
exercise_server() {
  local request
  exec 8<>"/dev/tcp/$1/$2" || return
  for request in 'PUT /training' 'PUT /training/object' 'GET /training/object' 'GET /training?list-type=2' \
    'GET /v1/objects/training/object' 'PUT /v1/objects/training/object' 'DELETE /training/object' 'GET /v1/daemon?what=smap'; do
    printf '%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n' "$request" "$1" >&8
  done
  printf 'DELETE /training HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1" >&8
  cat <&8 >/dev/null
  exec 8>&-
}

# Call with the lock held.
build_layout() {
  local log=$ROOT/target/build.log stamp=$ROOT/target/build.stamp
  require_maven
  echo "forebay: building (the first time also fetches libraries, and takes a few minutes)" >&2
  touch "$stamp"
  rm -rf "$LAYOUT"
  if ! run_maven -Dmaven.test.skip=true -Denforcer.skip=true -pl app -am package 2>&1 9>&- |
    tee "$log" | awk '/^\[INFO\] Building forebay-/ {print "forebay:   " substr($3, 9); fflush()}' >&2; then
    grep '^\[\(ERROR\|WARNING\)\]' "$log" | head -n 40 >&2
    echo "forebay: the build failed, see $log" >&2
    exit 1
  fi
  unpack_native
  train_layout
  mv "$stamp" "$LAYOUT/built"
  echo "forebay: built" >&2
}

ensure_layout() {
  if layout_is_stale; then
    lock_builds
    # Whoever held the lock may have built it meanwhile.
    if layout_is_stale; then
      build_layout
    fi
    unlock_builds
  fi
}
