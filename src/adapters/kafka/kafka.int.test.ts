import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { type KafkaConfig, kafka } from '../../core/connections/types/kafka.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { describeBroker, kafkaSasl } from '../../testing/brokers.ts';
import { testEgress } from '../../testing/egress.ts';
import { newName } from '../../testing/factories.ts';
import { ownBroker } from '../../testing/own-broker.ts';
import { kafkaBroker } from './kafka.ts';

const configOf = (fields: Partial<KafkaConfig>) => kafka.config.parse({ tls: 'off', ...fields });

async function siteAt(brokers: string, wrong?: KafkaConfig): Promise<Site> {
  const options = { clientId: 'test', bootstrapBrokers: [brokers], retries: 10, retryDelay: 200 };
  const admin = new Admin(options);
  const producer = new Producer({ ...options, acks: ProduceAcks.ALL, idempotent: true });
  return {
    config: configOf({ brokers }),
    ...(wrong !== undefined && { wrong }),
    make: async () => {
      const topic = newName();
      await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
      return topic;
    },
    trigger: (topic) => ({ topic, from: 'earliest' }),
    publish: (topic) => ({ topic, key: 'k' }),
    send: async (topic, messages) => {
      await producer.send({
        messages: messages.map(({ value, key, headers = {} }) => ({
          topic,
          ...(key !== undefined && { key: Buffer.from(key) }),
          ...(value !== null && { value: Buffer.from(value) }),
          headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
        })),
      });
    },
    close: async () => {
      await Promise.all([admin.close(), producer.close(true)]);
    },
  };
}

function wrongOne(): KafkaConfig | undefined {
  const brokers = kafkaSasl()?.split('@')[1];
  return brokers === undefined ? undefined : configOf({ brokers, sasl: 'plain', user: 'myelin', password: 'wrong' });
}

describeBroker('kafka', (address) => {
  brokerSuite({
    create: () => kafkaBroker(testEgress()),
    site: () => siteAt(address, wrongOne()),
    own: async () => {
      const broker = await ownBroker('kafka');
      return { broker, site: await siteAt(broker.address) };
    },
    isOrdered: true,
  });
});
