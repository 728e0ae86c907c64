import { readdirSync, readFileSync } from 'node:fs';

/** Somebody wrote `uses:` with the repository's name alone: fail, naming what to write instead. */
const top = new URL('..', import.meta.url);
const { repository } = JSON.parse(readFileSync(new URL('package.json', top), 'utf8'));
const [, name] = /github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
const uses = readdirSync(new URL('actions/', top)).map((action) => `uses: ${name}/actions/${action}@v1`);
console.log(`::error::this repository holds several actions and is none itself: write one of%0A${uses.join('%0A')}`);
process.exitCode = 1;
