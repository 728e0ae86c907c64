import { z } from 'zod';
import type { PendingUpload } from './upload.js';

const schema = z.object({
  bucket: z.string(),
  owner: z.string(),
  region: z.string(),
  keys: z.array(z.string()),
  directory: z.string(),
});

/** What a run has saved for its post step. Throws where the text is of another form. */
export const parseUpload = (state: string): PendingUpload => schema.parse(JSON.parse(state));
