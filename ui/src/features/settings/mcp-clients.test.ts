import { expect, test } from 'vitest';
import { MCP_CLIENTS } from './mcp-clients.ts';

const URL_ = 'https://myelin.example.com/mcp';

test.each(MCP_CLIENTS.map((client) => [client.name, client] as const))(
  '%s is told the address, and asked for a key by a place for it',
  (_, { text, id }) => {
    const told = text(URL_);
    expect(told).toContain(URL_);
    expect(told).toMatch(/Bearer (?:KEY|\$\{input:myelin-key\})/);
    expect(told).not.toContain('myl_');
    if (id !== 'claude-code') expect(JSON.parse(told)).toEqual(expect.any(Object));
  },
);
