# The crash tests of system-test, run beside the layout. Sourced after jdk.sh and layout.sh.

readonly CRASH_CLASSES=$ROOT/system-test/target/classes

# Builds the layout and the tests' own classes, if they are missing or old.
build_crash() {
  local log=$ROOT/target/crash.log stamp=$CRASH_CLASSES/built
  ensure_layout
  if [ ! -f "$stamp" ] || [ "$LAYOUT/built" -nt "$stamp" ] ||
    [ -n "$(find "$ROOT/system-test/src/main" -newer "$stamp" 2>/dev/null | head -n 1)" ]; then
    require_maven
    lock_builds
    if ! run_maven -Dmaven.test.skip=true -Denforcer.skip=true -Dspotless.check.skip=true -pl system-test -am \
      compile 9>&- >"$log" 2>&1; then
      grep '^\[\(ERROR\|WARNING\)\]' "$log" | head -n 40 >&2
      echo "the build failed, see $log" >&2
      exit 1
    fi
    touch "$stamp"
    unlock_builds
  fi
}

# run_crash PACKAGE.MAIN_CLASS ARGUMENT…: in place of this shell.
run_crash() {
  local main=$1
  shift
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -Dio.netty.leakDetection.level=disabled -Dforebay.layout="$LAYOUT/lib" \
    -cp "$CRASH_CLASSES:$(layout_class_path)" "io.forebay.system.$main" "$@"
}
