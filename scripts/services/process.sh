# shellcheck shell=bash
# Processes in the background, each in a session of its own. FILE.pid holds the process id and when it was born, since
# ids are used again; FILE.log holds what it said since its last start.

# When a process was started, in ticks since the boot. Fails for one that is gone, or dead and not reaped: a machine in
# a container may have nobody who reaps. Until the last thread is over, its ports are still taken.
born() {
  local stat fields threads
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return 1
  # The name of the program, in brackets, may have blanks.
  read -ra fields <<< "${stat##*) }"
  threads=("/proc/$1/task/"*)
  if [ "${fields[0]}" = Z ] && [ "${#threads[@]}" -le 1 ]; then return 1; fi
  echo "${fields[19]}"
}

# spawn FILE COMMAND…
spawn() {
  local file=$1 pid
  shift
  setsid "$@" > "$file.log" 2>&1 < /dev/null 9>&- &
  pid=$!
  echo "$pid $(born "$pid")" > "$file.pid"
}

# pid_of FILE: prints its process id; fails when it does not run.
pid_of() {
  local pid start
  [ -e "$1.pid" ] || return 1
  read -r pid start < "$1.pid"
  [ "$(born "$pid")" = "$start" ] && echo "$pid"
}

# await FILE SECONDS PROBE…: until the probe succeeds; fails when the process ends before, or takes too long.
await() {
  local file=$1 deadline=$((SECONDS + $2)) why=
  shift 2
  until "$@" 2> /dev/null; do
    if ! pid_of "$file" > /dev/null; then
      why=ended
    elif ((SECONDS >= deadline)); then
      why='does not answer'
    fi
    if [ -n "$why" ]; then
      echo "$file $why; the end of its log:" >&2
      tail -20 "$file.log" >&2
      return 1
    fi
    sleep 0.1
  done
}

# end FILE SIGNAL: until the process is gone. What does not heed SIGTERM in time is killed, with all of its session.
end() {
  local file=$1 signal=$2 pid deadline=$((SECONDS + stop_within_s))
  pid=$(pid_of "$file") || return 0
  if [ "$signal" = KILL ]; then kill -KILL -- "-$pid"; else kill "-$signal" "$pid"; fi
  while pid_of "$file" > /dev/null; do
    if ((SECONDS >= deadline)); then kill -KILL -- "-$pid" 2> /dev/null || true; fi
    sleep 0.05
  done
}

listens() {
  (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}
