import type { OwnedBucket } from '@aws-delivery/aws/s3/s3';
import { z } from 'zod';

/** An upload that the post step removes. */
export interface PendingUpload extends OwnedBucket {
  readonly region: string;
  readonly keys: readonly string[];
  /** Local temporary directory of the archives. */
  readonly directory: string;
}

const schema = z.object({
  bucket: z.string(),
  owner: z.string(),
  region: z.string(),
  keys: z.array(z.string()),
  directory: z.string(),
});

/** Parses the state saved for the post step. Throws a SyntaxError or ZodError for any other text. */
export const parseUpload = (state: string): PendingUpload => schema.parse(JSON.parse(state));
