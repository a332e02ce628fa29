# Processes that outlive the script that started them, told apart from others that got their id later; and HTTP questions
# to them, by TLS where the URL says https. Sourced by other scripts; works in bash 3.2 and later, on Linux and macOS.
#
#   note_pid PID FILE        notes a process that was just started
#   noted_pid FILE           prints the id of the process noted, if that very process still lives; else fails
#   is_paused PID            whether it was stopped by a signal
#   http_status URL PATH     prints the status that a server answers with, or nothing
#   http_body URL PATH       prints the body of its answer; fails when there is none
#
# https needs openssl, and TLS_FOLDER with ca.pem, client.pem and client.key.

# What tells a process from a later one of the same id; nothing when it does not live.
start_of() {
  local stat
  if [ -d /proc/self ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name, which may hold anything, ends with the last parenthesis. The 22nd field is the start time.
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" != Z ] && echo "${20}"
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '-' | grep .
  fi
}

note_pid() {
  local start
  start=$(start_of "$1") || start=gone
  echo "$1 $start" >"$2"
}

noted_pid() {
  local pid start
  { read -r pid start <"$1"; } 2>/dev/null || return 1
  [ "$(start_of "$pid")" = "$start" ] && echo "$pid"
}

is_paused() {
  local stat
  if [ -d /proc/self ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" = T ]
  else
    case $(ps -o state= -p "$1" 2>/dev/null) in T*) true ;; *) false ;; esac
  fi
}

# Sends a request and prints the whole answer. Bash connects by itself: curl need not be there.
http_get() {
  local address=${1#http://} line
  case $1 in
    https://*)
      https_get "$1" "$2"
      return
      ;;
  esac
  (
    exec 8<>"/dev/tcp/${address%:*}/${address##*:}" || exit 1
    printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" "$address" >&8
    while IFS= read -r -t 5 line <&8 || [ -n "$line" ]; do
      printf '%s\n' "$line"
    done
  ) 2>/dev/null
}

https_get() {
  local address=${1#https://} line
  (
    exec 8< <(exec openssl s_client -quiet -verify_return_error -connect "$address" -CAfile "$TLS_FOLDER/ca.pem" \
      -cert "$TLS_FOLDER/client.pem" -key "$TLS_FOLDER/client.key" \
      <<<"GET $2 HTTP/1.1"$'\r\n'"Host: $address"$'\r\n'"Connection: close"$'\r\n\r')
    while IFS= read -r -t 5 line <&8 || [ -n "$line" ]; do
      printf '%s\n' "$line"
    done
    kill "$!" 2>/dev/null || true
  ) 2>/dev/null
}

http_status() {
  [ -z "$1" ] || http_get "$1" "$2" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p'
}

http_body() {
  local answer
  answer=$(http_get "$1" "$2" | tr -d '\r')
  [ -n "$answer" ] && printf '%s\n' "$answer" | sed '1,/^$/d'
}
