import { readdirSync, readFileSync } from 'node:fs';

/** Main of the top-level action.yml: fails with the paths of the actions, since `uses:` must name one of them. */
const top = new URL('..', import.meta.url);
const { repository } = JSON.parse(readFileSync(new URL('package.json', top), 'utf8'));
const [, name] = /github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
const uses = readdirSync(new URL('actions/', top)).map((action) => `uses: ${name}/actions/${action}@v1`);
console.log(`::error::this repository holds several actions and is none itself: write one of%0A${uses.join('%0A')}`);
process.exitCode = 1;
