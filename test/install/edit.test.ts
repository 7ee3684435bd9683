// Tests edits of clients' settings: one entry changes, every other character stays.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIENTS, type ClientInfo } from '../../src/install/clients.ts';
import { withServer } from '../../src/install/edit.ts';
import { installationFor } from '../../src/install/entry.ts';

const launch = {
  command: '/usr/bin/node',
  args: ['/opt/audit/dist/main.js'],
  token: { defaultFile: '/home/anna/token' },
};

/** `text` of the client's file with the server in it. */
function added(client: ClientInfo, text: string): string {
  return withServer(text, client, installationFor(client, launch), 'mcp.json');
}

const entry = {
  type: 'stdio',
  command: '/usr/bin/node',
  args: ['/opt/audit/dist/main.js'],
  env: { PACHCA_TOKEN_FILE: '/home/anna/token' },
};

describe('withServer', () => {
  test.each(['', ' \n', '{}'])('makes a file of "%s"', (text) => {
    expect(JSON.parse(added(CLIENTS.cursor, text))).toEqual({ mcpServers: { 'pachca-audit': entry } });
  });

  test('leaves every character outside its own entry, comments and odd spacing included', () => {
    const before = `{
    // servers of the team
    "servers": {
        "other" : {"command":"x",   "args": [ ]}, /* kept */
    },
    "inputs": [ { "id": "other-key", "type": "promptString" } ],   // asked once
}
`;
    const after = added(CLIENTS.vscode, before);
    expect(after).toMatchInlineSnapshot(`
      "{
          // servers of the team
          "servers": {
              "other" : {"command":"x",   "args": [ ]}, /* kept */
              "pachca-audit": {
                  "type": "stdio",
                  "command": "/usr/bin/node",
                  "args": [
                      "/opt/audit/dist/main.js"
                  ],
                  "env": {
                      "PACHCA_TOKEN": "\${input:pachca-token}"
                  }
              }
          },
          "inputs": [ { "id": "other-key", "type": "promptString" }, {"type":"promptString","id":"pachca-token","description":"Pachca token of the workspace owner with the scope audit_events:read","password":true} ],   // asked once
      }
      "
    `);
    const pieces = [
      '// servers of the team',
      '"other" : {"command":"x",   "args": [ ]}',
      '/* kept */',
      '// asked once',
    ];
    for (const piece of pieces) expect(after).toContain(piece);
  });

  test('keeps tabs, Windows line ends and the mark at the start', () => {
    const before = '\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"other": { "command": "x" }\r\n\t}\r\n}\r\n';
    const after = added(CLIENTS.cursor, before);
    expect(after).toMatch(
      /^\uFEFF\{\r\n\t"mcpServers": \{\r\n\t\t"other": \{ "command": "x" \},\r\n\t\t"pachca-audit"/u,
    );
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(JSON.parse(after.slice(1))).toEqual({ mcpServers: { other: { command: 'x' }, 'pachca-audit': entry } });
  });

  test('replaces its own entry and question, in their places', () => {
    const before = JSON.stringify({
      inputs: [{ id: 'pachca-token', type: 'promptString' }, { id: 'other' }],
      servers: {
        'pachca-audit': { command: 'old', env: { PACHCA_TOKEN: 'plain-text-token' } },
        other: { command: 'x' },
      },
    });
    const after = added(CLIENTS.vscode, before);
    expect(after).not.toContain('plain-text-token');
    expect(JSON.parse(after)).toEqual({
      inputs: [
        {
          id: 'pachca-token',
          type: 'promptString',
          password: true,
          description: 'Pachca token of the workspace owner with the scope audit_events:read',
        },
        { id: 'other' },
      ],
      servers: {
        'pachca-audit': { ...entry, env: { PACHCA_TOKEN: '${input:pachca-token}' } },
        other: { command: 'x' },
      },
    });
  });

  test('a file that names the prototype of objects is refused', () => {
    expect(() => added(CLIENTS['claude-code'], '{"mcpServers":{"__proto__":null}}')).toThrow('left as it is');
  });

  test('any file keeps all its characters in their order, and says the same but for the entry', () => {
    const isKept = (before: string, after: string) => {
      let at = 0;
      for (const character of after) if (character === before[at]) at += 1;
      return at >= before.length;
    };
    const values = fc.dictionary(fc.string(), fc.jsonValue());
    const files = fc.record(
      { theme: fc.jsonValue(), mcpServers: values, inputs: fc.array(fc.record({ id: fc.string() })) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(files, fc.constantFrom('', ' ', '    ', '\t'), fc.boolean(), (file, indent, isWindows) => {
        // A name of the second kind is no name to those who read the file: it is refused, see below.
        fc.pre(!/"(?:pachca-audit|__proto__)"/.test(JSON.stringify(file)));
        const text = JSON.stringify(file, undefined, indent);
        const before = isWindows ? text.replaceAll('\n', '\r\n') : text;
        const after = added(CLIENTS['claude-code'], before);
        expect(JSON.parse(after)).toEqual({
          ...JSON.parse(text),
          mcpServers: { ...JSON.parse(text).mcpServers, 'pachca-audit': entry },
        });
        expect(isKept(before, after)).toBe(true);
      }),
    );
  });

  test('is done once: a second time changes nothing', () => {
    for (const client of Object.values(CLIENTS)) {
      const once = added(client, '');
      expect(added(client, once)).toBe(once);
    }
  });

  test.each<[string, ClientInfo, string, string]>([
    ['no JSON', CLIENTS.cursor, '{"mcpServers": {', 'line 1'],
    ['a word', CLIENTS.cursor, 'servers:\n  - x', 'line 1'],
    ['a comment where the client reads none', CLIENTS['claude-desktop'], '{\n// mine\n"mcpServers": {}}', 'line 2'],
    ['a trailing comma where the client reads none', CLIENTS['claude-code'], '{"mcpServers": {},}', 'line 1'],
    ['a list', CLIENTS.cursor, '[]', 'object'],
    ['servers that are a list', CLIENTS.cursor, '{"mcpServers": []}', '"mcpServers"'],
    ['servers that are null', CLIENTS.cursor, '{"mcpServers": null}', '"mcpServers"'],
    ['questions that are an object', CLIENTS.vscode, '{"inputs": {}}', '"inputs"'],
    ['a name twice', CLIENTS.cursor, '{"mcpServers": {}, "mcpServers": {"x": {}}}', 'twice'],
  ])('refuses %s and says where', (_what, client, text, said) => {
    expect(() => added(client, text)).toThrow(
      expect.objectContaining({
        code: 'not_configured',
        message: expect.stringContaining(said),
        hint: expect.stringContaining('--dry-run'),
      }),
    );
  });
});
