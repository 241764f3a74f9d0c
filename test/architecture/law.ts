/**
 * The law of the house as tables (design of the product, section 3). There is no list of exempted files:
 * what differs is a rule with its reason, and holds for every file it names.
 */

export interface RoomLaw {
  /** Rooms it may import, besides itself. */
  readonly rooms: readonly string[];
  /** Rooms it may import types from, besides those. */
  readonly types?: readonly string[];
  /** Packages it may import; absent: any that is not forbidden. */
  readonly packages?: readonly string[];
  /** Built-in modules it may import; absent: any. */
  readonly builtins?: readonly string[];
  /** Its folders or files stand beside each other and never import each other; a registry imports its room. */
  readonly siblings?: true;
  readonly reason: string;
}

const PURE = ['core', 'ports'];
const LOGIC = [...PURE, 'nodes', 'triggers', 'agents', 'projections'];

/** Hashing and parsing compute; files, sockets, processes and threads act, and come in through a port. */
const COMPUTING = ['node:crypto', 'node:buffer', 'node:util', 'node:url'];

/** A room is a folder of `src/`, or a file in it. A file of no room breaks the law. */
export const ROOMS: Readonly<Record<string, RoomLaw>> = {
  core: {
    rooms: [],
    packages: ['zod', 'acorn', 're2js', 'luxon', 'croner'],
    builtins: [],
    reason: 'the rules are pure; these five packages only compute; croner is given the time',
  },
  ports: {
    rooms: ['core'],
    packages: [],
    builtins: ['node:net'],
    reason: 'interfaces only; the socket that drivers want is named by its type',
  },
  nodes: {
    rooms: [...PURE, 'agents'],
    builtins: COMPUTING,
    siblings: true,
    reason: 'a node acts through ports; those of models are made of the parts of an agent',
  },
  triggers: { rooms: PURE, builtins: COMPUTING, siblings: true, reason: 'a trigger type is data and checks' },
  projections: { rooms: PURE, builtins: COMPUTING, reason: 'a projection folds events to rows' },
  agents: { rooms: PURE, builtins: COMPUTING, reason: 'an agent acts through ports' },
  engine: { rooms: LOGIC, reason: 'the engine runs what the rooms before it declare' },
  adapters: { rooms: PURE, siblings: true, reason: 'an adapter implements ports and can be replaced by another' },
  contract: { rooms: ['core'], builtins: [], reason: 'shared with the ui, which runs in a browser' },
  api: { rooms: [...LOGIC, 'engine', 'contract', 'config'], reason: 'HTTP over ports, whatever implements them' },
  sdk: { rooms: ['core', 'contract'], types: ['nodes', 'triggers'], reason: 'what a user imports stays small' },
  cli: { rooms: ['sdk', 'contract', 'core', 'config'], reason: 'a command talks to the server as any user does' },
  config: { rooms: ['core'], reason: 'the settings know nothing of what reads them' },
  testing: {
    rooms: [...LOGIC, 'engine', 'adapters', 'contract', 'config', 'cli'],
    reason: 'suites and the simulator stand over all rooms but the entries; only tests import them',
  },
  'app.ts': {
    rooms: [...LOGIC, 'engine', 'adapters', 'contract', 'api', 'config'],
    reason: 'the composition root sees everything that a server is made of',
  },
  'main.ts': { rooms: ['app.ts', 'cli', 'config'], reason: 'the entry chooses what to start' },
};

/** What a test may import besides what its room may: the suites, and the adapters instead of mocks. */
export const TEST_ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: ['testing'],
  ports: ['testing'],
  adapters: ['testing'],
  nodes: ['testing', 'adapters', 'engine'],
  engine: ['testing', 'adapters'],
  agents: ['testing', 'adapters', 'engine'],
  projections: ['testing', 'adapters', 'engine'],
  api: ['testing', 'adapters', 'app.ts', 'sdk'],
  cli: ['testing', 'adapters', 'app.ts'],
  sdk: ['testing', 'adapters', 'app.ts', 'nodes', 'triggers'],
  testing: ['app.ts'],
};

/** A room of the pages is a folder of `ui/src/`, or a file in it. */
export interface PageRoomLaw {
  readonly rooms: readonly string[];
  /** Its folders stand beside each other and never import each other. */
  readonly siblings?: true;
  readonly reason: string;
}

export const PAGE_ROOMS: Readonly<Record<string, PageRoomLaw>> = {
  components: { rooms: ['api'], reason: 'what pages are made of knows no page' },
  api: { rooms: ['components'], reason: 'calls, and the notice of one that failed' },
  graph: { rooms: ['components', 'app'], reason: 'a drawing of a document, whoever shows it' },
  app: { rooms: ['api', 'components'], reason: 'what is around every page knows none of them' },
  features: {
    rooms: ['app', 'api', 'components', 'graph'],
    siblings: true,
    reason: 'a feature is understood, and removed, by itself',
  },
  'routes.ts': { rooms: ['app', 'features'], reason: 'the one list of pages' },
  'main.tsx': { rooms: ['api', 'components', 'routes.ts'], reason: 'the entry' },
};

/** What pages import of the server: rules that only compute, and types of the contract. */
export const PAGES_SHARE = { code: ['core'], types: ['core', 'contract'] } as const;

export interface PlaceLaw {
  readonly what: string;
  /** In code without strings and comments. */
  readonly pattern: RegExp;
  /** Package or built-in modules whose import is the same thing. */
  readonly modules?: readonly string[];
  /** Where it may stand: prefixes of paths, each with its reason. */
  readonly places: Readonly<Record<string, string>>;
  /** Tests call the servers they start; absent: tests too are bound. */
  readonly exceptTests?: true;
}

/** What may stand only in some places, or nowhere. */
export const PLACES: readonly PlaceLaw[] = [
  {
    what: 'reads the environment',
    pattern: /\bprocess\s*(?:\.\s*env\b|\[)|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/,
    places: {
      'src/config/': 'one place validates and freezes the settings',
      'bin/': 'the launcher runs before config',
    },
    exceptTests: true,
  },
  {
    what: 'calls out',
    pattern:
      /(?<![.\w])fetch\s*\(|\bglobalThis\s*\.\s*fetch\b|\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b|\bhttps?\s*\.\s*(?:request|get)\s*\(|\b(?:net|tls)\s*\.\s*(?:connect|createConnection)\s*\(|\bhttp2\s*\.\s*connect\s*\(/,
    modules: ['undici', 'node:https', 'node:http2', 'node:tls', 'node:dgram', 'axios', 'got', 'node-fetch'],
    places: {
      'src/adapters/egress/': 'the one egress client checks every address (rule R9 of the security notes)',
      'src/sdk/client.ts': "runs in a user's program and calls only the Myelin server the user names",
    },
    exceptTests: true,
  },
  {
    what: 'speaks with a broker by a library that dials',
    pattern: /(?!)/,
    modules: ['@platformatic/kafka', 'ioredis', 'amqplib', '@nats-io/transport-node'],
    places: {
      'src/adapters/kafka/': 'its dialer makes every connection of the library ask the egress first',
      'src/adapters/rabbitmq/': 'it dials the address that the egress has checked, and no other',
      'src/adapters/redis/': 'it dials the address that the egress has checked, and no other',
      'src/adapters/nats/': 'it dials the addresses that the egress has checked, and none that servers tell of',
    },
    exceptTests: true,
  },
  {
    what: 'starts a process',
    pattern: /(?<![.\w])(?:spawn|execFile)(?:Sync)?\s*\(/,
    modules: ['node:child_process', 'cross-spawn', '@modelcontextprotocol/client/stdio'],
    places: {
      'src/adapters/embedded-postgres/': 'PostgreSQL is a process; its command is our own',
      'src/adapters/pages/': 'the web UI is built by a process of its own, once after each change of its sources',
      'src/adapters/tools/mcp/': "tool servers of the operator's config file, never of a workflow (rules R4 and R14)",
      'src/testing/': 'processes that tests look at',
      'bin/': 'the launcher finds Node 24',
    },
    exceptTests: true,
  },
  {
    what: 'runs text as code',
    pattern: /(?<![.\w])eval\s*\(|\bnew\s+Function\b|(?<![.\w])Function\s*\(|\bAsyncFunction\b/,
    places: {},
  },
];

export interface StartLaw {
  readonly reason: string;
  /** Not reached by imports at the head of a file, only by `import()`. */
  readonly late: readonly string[];
}

const PAGE_START: StartLaw = {
  reason: 'each page waits for it',
  late: ['@dagrejs/dagre', '@xyflow/react', 'uplot', 'yaml', 'cmdk', '@codemirror/state', '@codemirror/view', 'zod'],
};

/** What an entry loads before it does anything: each package costs every start its time and its memory. */
export const STARTS: Readonly<Record<string, StartLaw>> = {
  'src/app.ts': {
    reason: 'most servers use one broker or provider, or none',
    late: [
      ...['@platformatic/kafka', 'ioredis', 'amqplib', '@nats-io/transport-node', '@nats-io/jetstream'],
      ...['@ai-sdk/openai', '@ai-sdk/openai-compatible', '@ai-sdk/anthropic', '@ai-sdk/google'],
      ...['@modelcontextprotocol/client', '@modelcontextprotocol/server', 'nodemailer'],
    ],
  },
  'ui/src/main.tsx': PAGE_START,
  // With what most pages are made of, as ui/vite.config.ts has it.
  'ui/src/graph/run-marks.ts': PAGE_START,
  'ui/src/graph/trigger-line.ts': PAGE_START,
  'ui/src/graph/type-icons.tsx': PAGE_START,
  'src/main.ts': { reason: 'a command talks to a server and is none', late: ['fastify', 'pg', 'undici', 'pino'] },
};

/** Never imported, never in package.json. */
export const FORBIDDEN_PACKAGES: Readonly<Record<string, string>> = {
  vm: 'no boundary against hostile code; use the sandbox port',
  vm2: 'escaped again and again; use the sandbox port',
  'isolated-vm': 'compiles at install',
  kafkajs: 'no longer maintained; use @platformatic/kafka',
  nats: 'replaced by @nats-io/*',
  'n8n-workflow': 'its license',
  typeorm: 'no ORM: SQL is a language of the house',
  prisma: 'no ORM: SQL is a language of the house',
  '@prisma/client': 'no ORM: SQL is a language of the house',
  sequelize: 'no ORM: SQL is a language of the house',
  'drizzle-orm': 'no ORM: SQL is a language of the house',
  knex: 'no ORM: SQL is a language of the house',
};

export const MAX_LINES = 400;
export const MAX_TEST_LINES = 800;

/** Names that say nothing about what is inside. */
export const FORBIDDEN_NAMES =
  /(?:^|[-._/])(?:managers?|helpers?|utils?|utility|utilities|common|misc|services?)(?=[-._/]|$)/i;

export const UNFINISHED = /\b(?:TODO|FIXME)\b/;
