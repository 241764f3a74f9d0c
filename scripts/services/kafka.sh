# shellcheck shell=bash
# Kafka in KRaft mode, one node that is broker and controller, from the artifacts of scripts/services/kafka/pom.xml.
# Topics are not created by being named. A second listener wants SASL/PLAIN.

kafka_port() { echo $((19192 + shift_by)); }
kafka_sasl_port() { echo $((19193 + shift_by)); }
kafka_controller_port() { echo $((19194 + shift_by)); }
kafka_ports() { echo "$(kafka_port) $(kafka_sasl_port) $(kafka_controller_port)"; }

kafka_env() {
  echo "MYELIN_TEST_KAFKA=127.0.0.1:$(kafka_port)"
  echo "MYELIN_TEST_KAFKA_SASL=myelin:myelin@127.0.0.1:$(kafka_sasl_port)"
}

# Outside $root, which a reboot may empty; another release is another folder.
kafka_jars() {
  local release
  release=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/kafka/pom.xml")
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/myelin/kafka-$release"
}

kafka_installed() { command -v java > /dev/null && [ -d "$(kafka_jars)" ]; }

# kafka_java HEAP CLASS ARGUMENT…
kafka_java() {
  kafka_command=(
    java "-Xmx$1" -XX:+UseSerialGC -Djava.awt.headless=true -cp "$(kafka_jars)/*"
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info
    "${@:2}"
  )
}

kafka_launch() {
  cat > "$1/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$(kafka_controller_port)
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listeners=PLAINTEXT://127.0.0.1:$(kafka_port),SASL_PLAINTEXT://127.0.0.1:$(kafka_sasl_port),CONTROLLER://127.0.0.1:$(kafka_controller_port)
advertised.listeners=PLAINTEXT://127.0.0.1:$(kafka_port),SASL_PLAINTEXT://127.0.0.1:$(kafka_sasl_port)
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
listener.name.sasl_plaintext.sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_myelin="myelin";
log.dirs=$1/data
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# After a kill it waits until its former self is held to be gone: 9 s unless told otherwise.
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
# Tests want groups that form, and lose a dead member, at once.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=200
PROPERTIES
  if [ ! -e "$1/data/meta.properties" ]; then
    kafka_java 128m kafka.tools.StorageTool format --cluster-id bXllbGluLXNlcnZpY2VzMA --config "$1/server.properties"
    "${kafka_command[@]}" > "$1/format.log" 2>&1 || { cat "$1/format.log" >&2; return 1; }
  fi
  kafka_java 512m kafka.Kafka "$1/server.properties"
  spawn "$1/main" "${kafka_command[@]}"
}

# Its port is open before its broker takes part.
kafka_answers() { grep -q 'Kafka Server started' "$root/kafka/main.log" && listens "$(kafka_port)"; }

# kafka_ctl TopicCommand --list, consumer.ConsoleConsumer --topic orders, …
kafka_ctl() {
  kafka_java 128m "org.apache.kafka.tools.$1" --bootstrap-server "127.0.0.1:$(kafka_port)" "${@:2}"
  "${kafka_command[@]}"
}
