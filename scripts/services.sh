#!/usr/bin/env bash
# Real brokers for tests and development: Kafka, RabbitMQ, Redis and NATS, whichever are installed, on loopback ports
# of their own. See docs/brokers.md.
#
#   scripts/services.sh install [NAME…]   what is missing, from Debian's packages and Maven Central
#   scripts/services.sh start [NAME…]     returns when each of them answers
#   scripts/services.sh stop [NAME…]      its data stays
#   scripts/services.sh restart [NAME…]
#   scripts/services.sh kill NAME…        SIGKILL
#   scripts/services.sh status            0 when all four run
#   scripts/services.sh ctl NAME …        its own tool: redis-cli, rabbitmqctl, a class of Kafka's tools
#
# MYELIN_SERVICES        folder of data, logs and `env`, which tells the tests the addresses; /tmp/myelin-services
# MYELIN_SERVICES_SHIFT  added to every port, for a second set beside the first; 0
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/services
root=$(realpath -m "${MYELIN_SERVICES:-${TMPDIR:-/tmp}/myelin-services}")
shift_by=${MYELIN_SERVICES_SHIFT:-0}
brokers=(kafka rabbitmq redis nats)
start_within_s=90
stop_within_s=30
# Where Debian has nats-server; not on everybody's path.
PATH=$PATH:/usr/sbin

# shellcheck source=services/process.sh
. "$here/process.sh"
# shellcheck source=services/install.sh
. "$here/install.sh"
# shellcheck source=services/kafka.sh
. "$here/kafka.sh"
# shellcheck source=services/rabbitmq.sh
. "$here/rabbitmq.sh"
# shellcheck source=services/redis.sh
. "$here/redis.sh"
# shellcheck source=services/nats.sh
. "$here/nats.sh"

usage() {
  sed -n '5,14s/^# \{0,3\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

start() {
  local name=$1 dir=$root/$1 port begun=$SECONDS
  if ! "${name}_installed"; then
    echo "$name: not installed; scripts/services.sh install $name"
    # Whoever names it must have it; otherwise whatever is there is started.
    return "$named"
  fi
  mkdir -p "$dir"
  exec 9> "$dir/lock"
  flock 9
  if pid_of "$dir/main" > /dev/null; then
    "${name}_answers" 2> /dev/null && echo "$name: runs already" && return 0
  else
    for port in $("${name}_ports"); do
      if listens "$port"; then
        echo "$name: port $port is taken by another program; MYELIN_SERVICES_SHIFT=100 moves all ports" >&2
        return 1
      fi
    done
    "${name}_launch" "$dir"
  fi
  await "$dir/main" "$start_within_s" "${name}_answers" || return 1
  echo "$name: started in $((SECONDS - begun)) s"
}

stop() {
  local name=$1 dir=$root/$1
  [ -d "$dir" ] || return 0
  exec 9> "$dir/lock"
  flock 9
  end "$dir/main" TERM
  if [ "$name" = rabbitmq ]; then end "$dir/epmd" TERM; fi
  rm -f "$dir/main.pid" "$dir/epmd.pid"
  echo "$name: stopped"
}

restart() {
  stop "$1"
  start "$1"
}

# The process alone: its pid file stays, and with it the address in `env`, since it is meant to come back.
kill_hard() {
  end "$root/$1/main" KILL
  echo "$1: killed"
}

status() {
  local name pid down=0
  for name in "${brokers[@]}"; do
    if pid=$(pid_of "$root/$name/main") && "${name}_answers" 2> /dev/null; then
      printf '%-9s runs      %s  (process %s)\n' "$name" "$("${name}_env" | head -1)" "$pid"
    elif "${name}_installed"; then
      printf '%-9s down\n' "$name"
      down=1
    else
      printf '%-9s missing   scripts/services.sh install %s\n' "$name" "$name"
      down=1
    fi
  done
  return "$down"
}

# Writes the addresses of what was started, for the tests; passwords among them, so the owner's only.
announce() {
  local name
  (
    flock 8
    umask 077
    for name in "${brokers[@]}"; do
      if [ -e "$root/$name/main.pid" ]; then "${name}_env"; fi
    done > "$root/env.new"
    mv "$root/env.new" "$root/env"
    if [ ! -s "$root/env" ]; then rm "$root/env"; fi
  ) 8> "$root/lock"
}

# Does one thing to each broker, all at once; fails when it failed for any.
each() {
  local action=$1 name job jobs=() failed=0
  shift
  for name in "$@"; do
    "$action" "$name" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  return "$failed"
}

action=${1:-}
[ -n "$action" ] || usage
shift
named=0
if [ "$action" != ctl ]; then
  for name in "$@"; do
    [[ " ${brokers[*]} " == *" $name "* ]] || { echo "unknown broker $name; known: ${brokers[*]}" >&2; exit 2; }
    named=1
  done
fi
chosen=("$@")
[ "$named" = 1 ] || chosen=("${brokers[@]}")
umask 077
mkdir -p "$root"

failed=0
case $action in
  install) install "${chosen[@]}" ;;
  start | stop | restart)
    each "$action" "${chosen[@]}" || failed=1
    announce
    exit "$failed"
    ;;
  kill)
    [ "$named" = 1 ] || usage
    each kill_hard "${chosen[@]}"
    ;;
  status) status ;;
  ctl)
    [[ " ${brokers[*]} " == *" ${1:-} "* ]] || usage
    "${1}_ctl" "${@:2}"
    ;;
  *) usage ;;
esac
