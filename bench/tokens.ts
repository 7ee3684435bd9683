// Owns the measurement of tokens and requests: `node bench/run.mjs tokens`.
import { measureCosts, type Cost } from './tokens/costs.ts';

const print = (title: string, costs: readonly Cost[]): void => {
  console.log(`\n# ${title}`);
  for (const { question, tool, tokens, requests } of costs) {
    console.log(`${String(tokens).padStart(7)} tokens ${String(requests).padStart(5)} requests  ${question} (${tool})`);
  }
};

const { tools, pages, typical, largest } = await measureCosts();
console.log(`# tools/list: ${tools.reduce((sum, { tokens }) => sum + tokens, 0)} tokens (o200k_base)`);
for (const { name, tokens } of tools) console.log(`${String(tokens).padStart(7)} ${name}`);
console.log('\n# 50 events in rows with names, against the JSON of the API');
for (const { page, rows, api } of pages) {
  console.log(`${String(rows).padStart(7)} of ${api} tokens, ${Math.round((100 * rows) / api)} %  ${page}`);
}
print('Typical answers', typical);
print('Largest answers', largest);
