# shellcheck shell=bash
# RabbitMQ under the user who starts it, with node name, cookie, port mapper (epmd) and folders of its own. Debian's
# /usr/sbin/rabbitmq-server would change to the user and the folders of the system's broker.

rabbitmq_bin=/usr/lib/rabbitmq/bin

rabbitmq_port() { echo $((15673 + shift_by)); }
rabbitmq_epmd_port() { echo $((14369 + shift_by)); }
rabbitmq_dist_port() { echo $((25673 + shift_by)); }
# The mapper outlives a broker that is killed.
rabbitmq_ports() {
  echo "$(rabbitmq_port) $(rabbitmq_dist_port)"
  pid_of "$root/rabbitmq/epmd" > /dev/null || rabbitmq_epmd_port
}

rabbitmq_env() { echo "MYELIN_TEST_RABBITMQ=amqp://myelin:myelin@127.0.0.1:$(rabbitmq_port)"; }

rabbitmq_installed() { [ -x "$rabbitmq_bin/rabbitmq-server" ]; }

# Sets `surroundings`, the command that gives the server and its tools the environment they share.
rabbitmq_surroundings() {
  local dir=$1
  surroundings=(
    env HOME="$dir" LC_ALL=C.UTF-8
    # Its script then becomes the Erlang machine, which heeds SIGTERM, instead of waiting for it as a parent.
    RUNNING_UNDER_SYSTEMD=true
    ERL_EPMD_PORT="$(rabbitmq_epmd_port)" ERL_EPMD_ADDRESS=127.0.0.1
    RABBITMQ_NODENAME=myelin@localhost RABBITMQ_DIST_PORT="$(rabbitmq_dist_port)"
    RABBITMQ_CONF_ENV_FILE="$dir/env.conf" RABBITMQ_CONFIG_FILE="$dir/rabbitmq.conf"
    RABBITMQ_ADVANCED_CONFIG_FILE="$dir/advanced.config" RABBITMQ_ENABLED_PLUGINS_FILE="$dir/plugins"
    RABBITMQ_MNESIA_BASE="$dir/data" RABBITMQ_LOG_BASE="$dir" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$dir/rabbitmq.pid"
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
  )
}

rabbitmq_launch() {
  cat > "$1/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$(rabbitmq_port)
default_user = myelin
default_pass = myelin
loopback_users = none
log.console.level = warning
vm_memory_high_watermark.absolute = 2GB
disk_free_limit.absolute = 100MB
CONF
  echo '[].' > "$1/plugins"
  touch "$1/env.conf"
  if ! pid_of "$1/epmd" > /dev/null; then
    spawn "$1/epmd" epmd -port "$(rabbitmq_epmd_port)" -address 127.0.0.1
    await "$1/epmd" 10 listens "$(rabbitmq_epmd_port)"
  fi
  rabbitmq_surroundings "$1"
  spawn "$1/main" "${surroundings[@]}" "$rabbitmq_bin/rabbitmq-server"
}

# It answers the greeting of AMQP with a frame of a method, whose first byte is 1.
rabbitmq_answers() {
  local first
  exec 3<> "/dev/tcp/127.0.0.1/$(rabbitmq_port)" || return 1
  printf 'AMQP\0\0\11\1' >&3
  first=$(timeout 2 head -c 1 <&3 | od -An -tu1)
  exec 3>&-
  [ "${first// /}" = 1 ]
}

rabbitmq_ctl() {
  rabbitmq_surroundings "$root/rabbitmq"
  "${surroundings[@]}" "$rabbitmq_bin/rabbitmqctl" "$@"
}
