/** What each client of the Model Context Protocol is given. A key is put in by hand in place of KEY: nobody can read it here. */

export interface McpClient {
  readonly id: string;
  readonly name: string;
  /** Where the text goes. */
  readonly where: string;
  readonly text: (url: string) => string;
}

const HEADERS = { Authorization: 'Bearer KEY' };
const json = (value: unknown): string => JSON.stringify(value, null, 2);

export const MCP_CLIENTS: readonly McpClient[] = [
  {
    id: 'file',
    name: 'Cursor and others',
    where: 'The file of a client such as Cursor (.cursor/mcp.json) or of a project in Claude Code (.mcp.json)',
    text: (url) => json({ mcpServers: { myelin: { type: 'http', url, headers: HEADERS } } }),
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    where: 'A command',
    text: (url) => `claude mcp add --transport http myelin ${url} --header "Authorization: Bearer KEY"`,
  },
  {
    id: 'vs-code',
    name: 'VS Code',
    where: 'The file .vscode/mcp.json; it asks for the key',
    text: (url) =>
      json({
        inputs: [{ id: 'myelin-key', type: 'promptString', description: 'Key of Myelin', password: true }],
        servers: { myelin: { type: 'http', url, headers: { Authorization: `Bearer \${input:myelin-key}` } } },
      }),
  },
  {
    id: 'bridge',
    name: 'Claude Desktop',
    where: 'The file claude_desktop_config.json: a client that only starts programs goes by a bridge',
    text: (url) =>
      json({
        mcpServers: {
          myelin: {
            command: 'npx',
            // A space within an argument is lost on Windows.
            args: ['-y', 'mcp-remote', url, '--header', `Authorization:\${MYELIN}`],
            env: { MYELIN: 'Bearer KEY' },
          },
        },
      }),
  },
];
