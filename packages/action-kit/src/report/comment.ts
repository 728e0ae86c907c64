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
  delete(id: number): Promise<void>;
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
  /** Subject of earlier versions, whose comment becomes this one. */
  readonly previousSubject?: string;
  /** Whether a comment of `previousSubject` is updated; if other jobs may do the same, it is replaced by a new one. */
  readonly onPrevious?: 'update' | 'replace';
  /** Markdown, already redacted; undefined removes the comment. */
  readonly body: string | undefined;
  /** Default: GitHub's. */
  readonly labels?: CommentLabels;
}

/** `failed` is only a warning: it does not change a verdict. */
export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string }
  /** There is nothing to report; `absent`: there was no comment. */
  | { readonly kind: 'removed' | 'absent' }
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

/** The comment of a subject, and that of its previous subject. */
interface FoundComments {
  readonly own: Comment | undefined;
  readonly previous: Comment | undefined;
}

// The author of a comment can edit it, and with it the published verdict, so only trusted authors match.
const findComments = async (comments: Comments, marker: string, previousMarker?: string): Promise<FoundComments> => {
  let firstId: number | undefined;
  let previousComment: Comment | undefined;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const listed = await comments.list(page);
    const find = (text: string) => listed.find(({ body, trusted }) => trusted && body.startsWith(text));
    const own = find(marker);
    if (previousMarker !== undefined) previousComment ??= find(previousMarker);
    // Gitea and Forgejo ignore the page and return all comments.
    const repeats = listed[0]?.id === firstId && page > 1;
    if (own !== undefined || listed.length === 0 || repeats) return { own, previous: previousComment };
    firstId = listed[0]?.id;
  }
  return { own: undefined, previous: previousComment };
};

const isNotFound = (error: unknown): boolean => error instanceof DeliveryError && error.code === 'not-found';

/** Deletes a comment unless another job has done so. */
const deleteComment = async (comments: Comments, { id }: Comment): Promise<void> => {
  try {
    await comments.delete(id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
};

const updateComment = async (comments: Comments, present: Comment, body: string): Promise<CommentOutcome> => {
  if (isSameBody(present.body, body)) return { kind: 'unchanged', url: present.url };
  try {
    return { kind: 'updated', url: (await comments.update(present.id, body)).url };
  } catch (error) {
    // The comment was deleted after it was listed.
    if (!isNotFound(error)) throw error;
    return { kind: 'created', url: (await comments.create(body)).url };
  }
};

const removeComments = async (comments: Comments, { own, previous }: FoundComments): Promise<CommentOutcome> => {
  const present = own ?? previous;
  if (present === undefined) return { kind: 'absent' };
  await deleteComment(comments, present);
  return { kind: 'removed' };
};

const writeComment = async (options: CommentOptions): Promise<CommentOutcome> => {
  const { comments, subject, previousSubject, onPrevious = 'update' } = options;
  const marker = formatMarker(subject);
  const previousMarker = previousSubject === undefined ? undefined : formatMarker(previousSubject);
  const found = await findComments(comments, marker, previousMarker);
  if (options.body === undefined) return removeComments(comments, found);
  const body = truncateMarkdown(`${marker}\n${options.body}`, LIMITS.comment);
  const present = found.own ?? (onPrevious === 'update' ? found.previous : undefined);
  if (present !== undefined) return updateComment(comments, present, body);
  const { url } = await comments.create(body);
  if (found.previous !== undefined) await deleteComment(comments, found.previous);
  return { kind: 'created', url };
};

const formatWarning = ({ code, message }: DeliveryError, { label, hint }: CommentLabels): string => {
  const isDenied = code === 'denied' || code === 'not-found';
  return `cannot write the ${label}: ${message}${isDenied ? `: ${hint}` : ''}`;
};

/**
 * Keeps one comment per subject up to date: finds it by its marker, creates, updates or removes it, and leaves an equal
 * one unchanged. A body above the host's limit is truncated at a line.
 */
export const syncComment = async (options: CommentOptions): Promise<CommentOutcome> => {
  try {
    return await writeComment(options);
  } catch (error) {
    if (error instanceof DeliveryError) {
      return { kind: 'failed', warning: formatWarning(error, options.labels ?? GITHUB_LABELS) };
    }
    throw error;
  }
};
