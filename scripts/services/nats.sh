# shellcheck shell=bash
# NATS with JetStream. Who names no user is let in; wrong credentials are refused.

nats_ports() { echo $((14222 + shift_by)); }

nats_env() { echo "MYELIN_TEST_NATS=nats://127.0.0.1:$(nats_ports)"; }

nats_installed() { command -v nats-server > /dev/null; }

nats_launch() {
  cat > "$1/nats.conf" <<CONF
listen: "127.0.0.1:$(nats_ports)"
max_payload: 64MB
jetstream { store_dir: "$1/data" }
authorization { users: [{ user: myelin, password: myelin }] }
no_auth_user: myelin
CONF
  spawn "$1/main" nats-server -c "$1/nats.conf"
}

# The first line that a server says tells what it can.
nats_answers() {
  local line
  exec 3<> "/dev/tcp/127.0.0.1/$(nats_ports)" || return 1
  IFS= read -r -t 2 line <&3 || line=
  exec 3>&-
  [[ $line == INFO*'"jetstream":true'* ]]
}

nats_ctl() {
  echo 'nats: its command line is not in Debian' >&2
  return 2
}
