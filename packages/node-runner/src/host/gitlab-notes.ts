import type { Network } from '@aws-delivery/action-kit/http/network';
import { parseJson } from '@aws-delivery/action-kit/http/request';
import { type Comment, type CommentOutcome, type Comments, syncComment } from '@aws-delivery/action-kit/report/comment';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { z } from 'zod';

export interface GitLabNotesOptions {
  readonly network: Pick<Network, 'request'>;
  /** A project, group or personal access token with the scope `api`; a job token may not write notes. */
  readonly token: string;
  /** CI_API_V4_URL. */
  readonly api: string;
  /** Id of the merge request's project. */
  readonly project: string;
  /** IID of the merge request. */
  readonly mergeRequest: string;
}

const userSchema = z.object({ id: z.number() });
const noteSchema = z.object({ id: z.number(), body: z.string(), author: userSchema });

const ERROR_CODES: Readonly<Record<number, DeliveryErrorCode>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  429: 'throttled',
};

const PAGE_SIZE = 100;

/** The notes of a merge request. Only those of the token's user are trusted. */
class GitLabNotes implements Comments {
  private readonly options: GitLabNotesOptions;
  private userId: Promise<number> | undefined;

  constructor(options: GitLabNotesOptions) {
    this.options = options;
  }

  async list(page: number): Promise<readonly Comment[]> {
    const query = `?sort=asc&order_by=created_at&per_page=${PAGE_SIZE}&page=${page}`;
    const notes = z.array(noteSchema).parse(await this.send('GET', `${this.path}${query}`));
    return Promise.all(notes.map((entry) => this.toComment(entry)));
  }

  async create(body: string): Promise<Comment> {
    return this.toComment(noteSchema.parse(await this.send('POST', this.path, { body })));
  }

  async update(id: number, body: string): Promise<Comment> {
    return this.toComment(noteSchema.parse(await this.send('PUT', `${this.path}/${id}`, { body })));
  }

  async delete(id: number): Promise<void> {
    await this.send('DELETE', `${this.path}/${id}`);
  }

  private get path(): string {
    const { project, mergeRequest } = this.options;
    return `/projects/${encodeURIComponent(project)}/merge_requests/${mergeRequest}/notes`;
  }

  private async toComment({ id, body, author }: z.infer<typeof noteSchema>): Promise<Comment> {
    this.userId ??= this.send('GET', '/user').then((response) => userSchema.parse(response).id);
    return { id, body, url: `note ${id}`, trusted: author.id === (await this.userId) };
  }

  private async send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const { network, token, api } = this.options;
    const headers = { 'private-token': token, 'content-type': 'application/json' };
    const request = { method, url: `${api}${path}`, headers, maxResponseBytes: 16 * 1024 * 1024 };
    const response = await network.request(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    if (response.status === 204) return undefined;
    if (response.status >= 200 && response.status < 300) return parseJson(response);
    const code = ERROR_CODES[response.status] ?? (response.status >= 500 ? 'unavailable' : 'unexpected');
    throw new DeliveryError(code, `${response.source} returned HTTP ${response.status}`);
  }
}

const labels = { label: 'merge request note', hint: 'the token needs the scope api and the role Reporter' };

/**
 * Creates or updates the note of a subject. A failure is part of the outcome and does not fail the job.
 * @param subject identifies the note; the same in every pipeline
 */
export const syncNote = (options: GitLabNotesOptions, subject: string, markdown: string): Promise<CommentOutcome> =>
  syncComment({ comments: new GitLabNotes(options), subject, body: markdown, labels });
