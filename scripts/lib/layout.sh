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

# A cache of loaded and linked classes, which halves the time to start. Doing without it is no failure.
train_layout() {
  # shellcheck disable=SC2086
  (cd "$LAYOUT" && "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="forebay.aot" $JVM_FLAGS -cp "$(layout_class_path)" \
    "$MAIN_CLASS" --help 9>&- >training.log 2>&1) || rm -f "$LAYOUT/forebay.aot"
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
