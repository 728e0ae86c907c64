import { credentialProcess } from './index.js';

await credentialProcess();
