import { type Comment, type CommentOutcome, type Comments, keepComment } from '@aws-delivery/action-kit/comment';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import { parseJson } from '@aws-delivery/action-kit/http';
import type { Network } from '@aws-delivery/action-kit/network';
import { z } from 'zod';

export interface NoteOptions {
  readonly network: Pick<Network, 'request'>;
  /** A token with the scope `api`, of a project, a group or a person; a job's own may not write notes. */
  readonly token: string;
  /** CI_API_V4_URL. */
  readonly api: string;
  /** The id of the project that the merge request belongs to. */
  readonly project: string;
  /** The number of the merge request within it. */
  readonly mergeRequest: string;
}

const user = z.object({ id: z.number() });
const note = z.object({ id: z.number(), body: z.string(), author: user });

const codes: Readonly<Record<number, DeliveryErrorCode>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  429: 'throttled',
};

const pageSize = 100;

/** The notes of a merge request. Of those that are there, only the token's own count as ours. */
export class GitLabNotes implements Comments {
  readonly #options: NoteOptions;
  #self: Promise<number> | undefined;

  constructor(options: NoteOptions) {
    this.#options = options;
  }

  async list(page: number): Promise<readonly Comment[]> {
    const query = `?sort=asc&order_by=created_at&per_page=${pageSize}&page=${page}`;
    const notes = z.array(note).parse(await this.#send('GET', `${this.#path}${query}`));
    return Promise.all(notes.map((each) => this.#commentOf(each)));
  }

  async create(body: string): Promise<Comment> {
    return this.#commentOf(note.parse(await this.#send('POST', this.#path, { body })));
  }

  async update(id: number, body: string): Promise<Comment> {
    return this.#commentOf(note.parse(await this.#send('PUT', `${this.#path}/${id}`, { body })));
  }

  get #path(): string {
    const { project, mergeRequest } = this.#options;
    return `/projects/${encodeURIComponent(project)}/merge_requests/${mergeRequest}/notes`;
  }

  async #commentOf({ id, body, author }: z.infer<typeof note>): Promise<Comment> {
    this.#self ??= this.#send('GET', '/user').then((answer) => user.parse(answer).id);
    return { id, body, address: `note ${id}`, trusted: author.id === (await this.#self) };
  }

  async #send(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<unknown> {
    const { network, token, api } = this.#options;
    const headers = { 'private-token': token, 'content-type': 'application/json' };
    const request = { method, url: `${api}${path}`, headers, limit: 16 * 1024 * 1024 };
    const answer = await network.request(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    if (answer.status >= 200 && answer.status < 300) return parseJson(answer);
    const code = codes[answer.status] ?? (answer.status >= 500 ? 'unavailable' : 'unexpected');
    throw new DeliveryError(code, `${answer.from} answered ${answer.status}`);
  }
}

const words = { what: "merge request's note", remedy: 'its token needs the scope api and the role Reporter' };

/**
 * Keeps one note of a merge request up to date; one that cannot be written changes no verdict.
 * @param subject what it is about, the same in every pipeline
 */
export const keepNote = (options: NoteOptions, subject: string, markdown: string): Promise<CommentOutcome> =>
  keepComment({ comments: new GitLabNotes(options), subject, body: markdown, words });
