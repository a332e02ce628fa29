# Finds the tools that building and running need. Sourced by the other scripts; works in bash 3.2 and later.
#
#   require_jdk     exports JAVA_HOME, a JDK 25, wherever it is installed and whatever `java` is; else exits 1
#   require_maven   checks for Maven; else exits 1
#   run_maven …     Maven under that JDK, in the root of the project

readonly JDK_RELEASE=25

is_wanted_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    grep -q "^JAVA_VERSION=\"$JDK_RELEASE[\".+-]" "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | grep -q "^javac $JDK_RELEASE\b"
  fi
}

# The home of a `java` found on the PATH, through any symbolic links.
home_of_command() {
  local file link
  file=$(command -v "$1") || return 1
  while link=$(readlink "$file"); do
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  (cd "$(dirname "$file")/.." && pwd -P)
}

jdk_candidates() {
  local home
  printf '%s\n' "${JAVA_HOME:-}"
  home_of_command javac || true
  home_of_command java || true
  for home in /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/*java* /opt/*/*jdk* /opt \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* \
    /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* /home/linuxbrew/.linuxbrew/opt/openjdk* \
    {,"$HOME"}/Library/Java/JavaVirtualMachines/*; do
    printf '%s\n' "$home" "$home/Contents/Home" "$home/libexec/openjdk.jdk/Contents/Home"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$JDK_RELEASE" 2>/dev/null || true
  fi
}

require_jdk() {
  local home
  while IFS= read -r home; do
    if [ -n "$home" ] && is_wanted_jdk "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return
    fi
  done <<CANDIDATES
$(jdk_candidates)
CANDIDATES
  cat >&2 <<MESSAGE
forebay: no JDK $JDK_RELEASE found, in JAVA_HOME, on the PATH or where they are usually installed.
Install one and run this again; it may stand beside other versions:
  Debian, Ubuntu   apt-get install openjdk-$JDK_RELEASE-jdk   (or temurin-$JDK_RELEASE-jdk)
  Fedora           dnf install java-$JDK_RELEASE-openjdk-devel
  macOS            brew install openjdk@$JDK_RELEASE
  SDKMAN           sdk install java $JDK_RELEASE-tem
Or set JAVA_HOME to an unpacked JDK $JDK_RELEASE. Building also needs Maven (3.8.7 or later), and git to fetch the sources.
MESSAGE
  exit 1
}

require_maven() {
  command -v mvn >/dev/null && return
  cat >&2 <<'MESSAGE'
forebay: Maven (3.8.7 or later) is not installed, and Forebay is not built yet.
  Debian, Ubuntu   apt-get install maven
  Fedora           dnf install maven
  macOS            brew install maven
MESSAGE
  exit 1
}

run_maven() {
  # Maven's own libraries use sun.misc.Unsafe, which JDK 25 would warn of at every start.
  (cd "$ROOT" && MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" exec mvn --batch-mode --no-transfer-progress "$@")
}
