import { readdirSync, readFileSync } from 'node:fs';

/** Main of the top-level action.yml: fails with the paths of the actions, since `uses:` must name one of them. */
const top = new URL('..', import.meta.url);
const { repository, version } = JSON.parse(readFileSync(new URL('package.json', top), 'utf8'));
const [, name] = /github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
const [major] = version.split('.');
const uses = readdirSync(new URL('actions/', top)).map((action) => `uses: ${name}/actions/${action}@v${major}`);
console.log(`::error::this repository contains several actions. Use one of them:%0A${uses.join('%0A')}`);
process.exitCode = 1;
