# shellcheck shell=bash
# Redis with an append-only file, so that a kill loses nothing that was answered.

redis_ports() { echo $((16379 + shift_by)); }

redis_env() { echo "MYELIN_TEST_REDIS=redis://127.0.0.1:$(redis_ports)"; }

redis_installed() { command -v redis-server > /dev/null; }

redis_launch() {
  mkdir -p "$1/data"
  spawn "$1/main" redis-server --bind 127.0.0.1 --port "$(redis_ports)" --dir "$1/data" \
    --appendonly yes --save '' --daemonize no --logfile ''
}

redis_answers() { [ "$(redis_ctl ping)" = PONG ]; }

redis_ctl() { redis-cli -p "$(redis_ports)" "$@"; }
