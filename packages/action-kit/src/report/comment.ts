import { DeliveryError } from '../util/error.js';
import { toSingleLine } from '../util/sanitize.js';
import { LIMITS, truncateMarkdown } from './markdown.js';

/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  /** URL of the comment's page. */
  readonly url: string;
  /** Whether its author is an app or may write to the repository. */
  readonly trusted: boolean;
}

/** The comments of one pull request. Methods throw DeliveryError `denied`, `not-found`, `unavailable`… */
export interface Comments {
  /** One page, oldest first, counted from 1; an empty page ends the list. */
  list(page: number): Promise<readonly Comment[]>;
  create(body: string): Promise<Comment>;
  update(id: number, body: string): Promise<Comment>;
}

/** A host's term for a comment, and a hint on the permission to write it. */
export interface CommentLabels {
  readonly label: string;
  readonly hint: string;
}

const GITHUB_LABELS: CommentLabels = {
  label: 'pull request comment',
  hint: 'add `pull-requests: write` to the permissions of the job; fork pull requests cannot have it',
};

export interface CommentOptions {
  readonly comments: Comments;
  /** Identifies the comment; equal in every run: `cloudformation-deploy shop eu-west-1`. */
  readonly subject: string;
  /** Markdown, already redacted. */
  readonly body: string;
  /** Default: GitHub's. */
  readonly labels?: CommentLabels;
}

/** `failed` is only a warning: it does not change a verdict. */
export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string }
  | { readonly kind: 'failed'; readonly warning: string };

/** Ten thousand comments; beyond them a new comment is created. */
const MAX_PAGES = 100;

/** An HTML comment, invisible when rendered. Encodes characters of the subject that could end it, such as `--`. */
const formatMarker = (subject: string): string =>
  `<!-- aws-delivery-actions: ${toSingleLine(subject).replace(/[^\w ./:@+-]|-(?=[->])/gu, (found) => `%${found.codePointAt(0)}`)} -->`;

/** Whether a comment begins with a marker; anyone can write one. */
export const isOwnComment = ({ body }: Comment): boolean => body.startsWith(formatMarker('').replace(' -->', ''));

const isSameBody = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim();

// The author of a comment can edit it, and with it the published verdict, so only trusted authors match.
const findComment = async (comments: Comments, marker: string): Promise<Comment | undefined> => {
  let previous: number | undefined;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const listed = await comments.list(page);
    const found = listed.find(({ body, trusted }) => trusted && body.startsWith(marker));
    // Gitea and Forgejo ignore the page and return all comments.
    const repeats = listed[0]?.id === previous && page > 1;
    if (found !== undefined || listed.length === 0 || repeats) return found;
    previous = listed[0]?.id;
  }
  return undefined;
};

const writeComment = async (comments: Comments, marker: string, body: string): Promise<CommentOutcome> => {
  const present = await findComment(comments, marker);
  if (present === undefined) return { kind: 'created', url: (await comments.create(body)).url };
  if (isSameBody(present.body, body)) return { kind: 'unchanged', url: present.url };
  try {
    return { kind: 'updated', url: (await comments.update(present.id, body)).url };
  } catch (error) {
    // The comment was deleted after it was listed.
    if (!(error instanceof DeliveryError && error.code === 'not-found')) throw error;
    return { kind: 'created', url: (await comments.create(body)).url };
  }
};

const formatWarning = ({ code, message }: DeliveryError, { label, hint }: CommentLabels): string => {
  const isDenied = code === 'denied' || code === 'not-found';
  return `cannot write the ${label}: ${message}${isDenied ? `: ${hint}` : ''}`;
};

/**
 * Keeps one comment per subject up to date: finds it by its marker, creates or updates it, and leaves an equal one
 * unchanged. A body above the host's limit is truncated at a line.
 */
export const syncComment = async ({
  comments,
  subject,
  body,
  labels = GITHUB_LABELS,
}: CommentOptions): Promise<CommentOutcome> => {
  const marker = formatMarker(subject);
  try {
    return await writeComment(comments, marker, truncateMarkdown(`${marker}\n${body}`, LIMITS.comment));
  } catch (error) {
    if (error instanceof DeliveryError) return { kind: 'failed', warning: formatWarning(error, labels) };
    throw error;
  }
};
