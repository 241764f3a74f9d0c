# shellcheck shell=bash
# Fetches what is missing, and nothing that is there.

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian starts a server that it installs, on its usual port; not while this file forbids it.
without_starting() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
  as_root chmod +x "$policy"
  "$@" || status=$?
  as_root rm "$policy"
  return "$status"
}

install_packages() {
  if ! command -v apt-get > /dev/null; then
    echo "no apt-get here; install by hand: $*" >&2
    return 1
  fi
  as_root apt-get update -qq
  without_starting as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

install_kafka() {
  local jars
  jars=$(kafka_jars)
  rm -rf "$jars.part"
  mvn -q -B -ntp -f "$here/kafka/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$jars.part"
  mv "$jars.part" "$jars"
}

install() {
  local name packages=() kafka=
  for name in "$@"; do
    if "${name}_installed"; then continue; fi
    case $name in
      kafka)
        kafka=missing
        command -v java > /dev/null || packages+=(default-jre-headless)
        command -v mvn > /dev/null || packages+=(maven)
        ;;
      *) packages+=("$name-server") ;;
    esac
  done
  # The artifacts come while the packages are unpacked, if Maven is not one of them.
  if [ -n "$kafka" ] && command -v mvn java > /dev/null; then
    install_kafka &
    kafka=$!
  fi
  if [ "${#packages[@]}" -gt 0 ]; then install_packages "${packages[@]}"; fi
  case $kafka in
    '') ;;
    missing) install_kafka ;;
    *) wait "$kafka" ;;
  esac
}
