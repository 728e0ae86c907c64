import { DeliveryError } from '../util/error.js';
import { toSingleLine } from '../util/sanitize.js';
import { LIMITS, truncateMarkdown } from './markdown.js';

/** A comment on a pull request, as far as it matters here. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Where people see it. */
  readonly url: string;
  /** Whether its author is an app, or somebody with a say in the repository. */
  readonly trusted: boolean;
}

/** The comments of one pull request. Every method throws DeliveryError: `denied`, `not-found`, `unavailable`… */
export interface Comments {
  /** One page, oldest first, counted from 1; an empty page is the end. */
  list(page: number): Promise<readonly Comment[]>;
  create(body: string): Promise<Comment>;
  update(id: number, body: string): Promise<Comment>;
}

/** How a host calls its comments, and what it takes to write them. */
export interface CommentLabels {
  readonly label: string;
  readonly hint: string;
}

const GITHUB_LABELS: CommentLabels = {
  label: 'pull-request comment',
  hint: 'give the job the permission pull-requests: write; a pull request from a fork never has it',
};

export interface CommentOptions {
  readonly comments: Comments;
  /** What the comment is about, the same in every run: `cloudformation-deploy shop eu-west-1`. */
  readonly subject: string;
  /** Markdown, already redacted. */
  readonly body: string;
  /** GitHub's unless given. */
  readonly labels?: CommentLabels;
}

/** What became of the comment. A comment that cannot be written is a warning: it never changes a verdict. */
export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string }
  | { readonly kind: 'failed'; readonly warning: string };

/** Ten thousand comments: past them a new comment is the lesser evil. */
const MAX_PAGES = 100;

/** Invisible in the page. Two hyphens would end it, and a subject may hold anything. */
const formatMarker = (subject: string): string =>
  `<!-- aws-delivery-actions: ${toSingleLine(subject).replace(/[^\w ./:@+-]|-(?=[->])/gu, (found) => `%${found.codePointAt(0)}`)} -->`;

const isSameBody = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim();

// A marker in anybody's comment would let its author rewrite our verdict later, so only trusted authors count.
const findComment = async (comments: Comments, marker: string): Promise<Comment | undefined> => {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const listed = await comments.list(page);
    const found = listed.find(({ body, trusted }) => trusted && body.startsWith(marker));
    if (found !== undefined || listed.length === 0) return found;
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
    // Somebody has deleted it meanwhile.
    if (!(error instanceof DeliveryError && error.code === 'not-found')) throw error;
    return { kind: 'created', url: (await comments.create(body)).url };
  }
};

const formatWarning = ({ code, message }: DeliveryError, { label, hint }: CommentLabels): string => {
  const isDenied = code === 'denied' || code === 'not-found';
  return `the ${label} was not written: ${message}${isDenied ? `: ${hint}` : ''}`;
};

/**
 * Keeps one comment on a subject up to date: finds it by its marker, creates or updates it, and leaves it alone when
 * it says the same already. What exceeds the limit of a comment is cut at a line.
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
