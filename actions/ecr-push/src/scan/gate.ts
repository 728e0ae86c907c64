import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { durationText } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { withHeartbeat } from '@aws-delivery/action-kit/log';
import { readChange, reviewedCommit } from '@aws-delivery/findings/change';
import { countsText, type Decision, decide, type Gate as Verdict } from '@aws-delivery/findings/decision';
import { Git } from '@aws-delivery/findings/git';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore';
import { readExceptions } from '@aws-delivery/findings/policy-file';
import { countSeverities } from '@aws-delivery/findings/severity';
import type { Registry } from '../registry.js';
import type { Delivery } from '../result.js';
import type { Scanner } from './answer.js';
import { BasicScanner } from './basic.js';
import { EcrScans } from './ecr-scans.js';
import { EnhancedScanner } from './enhanced.js';
import { type ImageLook, lookAt } from './image-look.js';
import { Inspector } from './inspector.js';
import { writeFiles } from './report-file.js';
import type { ScanRequest } from './scan-request.js';
import type { ScannedImage, ScanResult } from './scan-result.js';
import { scanSummary } from './scan-summary.js';
import { type Judged, judge } from './standing.js';
import type { Place } from './target.js';

export interface GateServices {
  readonly host: Host;
  readonly configuration: AwsConfiguration;
  /** Folder that paths start from. */
  readonly workspace: string;
  /** Aborts with the job and at the end of the action's own time. */
  readonly signal: AbortSignal;
}

const IGNORE_FILE = '.ecr-ignore.yml';

/** How long the log may be quiet, in milliseconds. */
const QUIET = 30_000;

/** One of each for each Region. */
const perRegion = <T>(make: (region: string) => T): ((region: string) => T) => {
  const made = new Map<string, T>();
  return (region) => {
    const one = made.get(region) ?? make(region);
    made.set(region, one);
    return one;
  };
};

/** Finds the scanner that a registry has. */
class Scanners {
  readonly #scans: (region: string) => EcrScans;
  readonly #basic: Scanner;
  readonly #enhanced: Scanner;
  readonly #kinds: (region: string) => ReturnType<EcrScans['kind']>;

  constructor(
    private readonly kind: ScanRequest['kind'],
    { host, configuration, signal }: GateServices,
  ) {
    this.#scans = perRegion((region) => new EcrScans(configuration, region));
    this.#basic = new BasicScanner(this.#scans, host, signal);
    const inspector = perRegion((region) => new Inspector(configuration, region));
    this.#enhanced = new EnhancedScanner(inspector, host, signal);
    this.#kinds = perRegion((region) => this.#scans(region).kind());
  }

  /** Throws DeliveryError where nobody knows. */
  readonly of = async ({ registry: { login } }: Place): Promise<Scanner> => {
    if (this.kind !== 'auto') return this.kind === 'basic' ? this.#basic : this.#enhanced;
    const { account, type } = await this.#kinds(login.region);
    if (login.account !== undefined && account !== login.account) {
      const text = `registry ${login.account} is not the caller's own, whose kind of scan can be asked for`;
      throw new DeliveryError('missing', `${text}: write scan: basic or scan: enhanced`);
    }
    if (type === 'BASIC') return this.#basic;
    if (type === 'ENHANCED') return this.#enhanced;
    throw new DeliveryError('unexpected', `ECR says that the registry's kind of scan is '${type}'`);
  };
}

/** Waits for the scans of images, and decides. */
export class Gate {
  constructor(
    private readonly asked: ScanRequest,
    private readonly exceptions: readonly IgnoreEntry[],
    private readonly commit: string | undefined,
    private readonly services: GateServices,
  ) {}

  /** Looks at what is in the registries now, whether it was pushed or there already; undefined where nothing is. */
  async pass(deliveries: readonly Delivery[], registries: readonly Registry[]): Promise<ScanResult | undefined> {
    const places = placesOf(deliveries, registries);
    if (places.size === 0) return undefined;
    const { host } = this.services;
    const looks = await this.#lookAtAll(places);
    const judged = judge(looks, { asked: this.asked, exceptions: this.exceptions, now: host.clock.now() });
    const decision = this.#decide(judged, looks, deliveries);
    host.log.info(`Scan gate: ${decision.gate}, ${decision.reason}`);
    const reported = { looks, judged, decision, commit: this.commit };
    return {
      decision,
      counts: countsOf(judged),
      images: imagesOf(places, looks, judged),
      files: await writeFiles(reported, this.asked.reportDirectory, host),
      summary: scanSummary(decision, looks, judged),
    };
  }

  #lookAtAll(places: Places): Promise<readonly ImageLook[]> {
    const { host } = this.services;
    const deadline = host.clock.now() + this.asked.timeout;
    const scanners = new Scanners(this.asked.kind, this.services);
    const awaited = new Set<string>();
    const line = (elapsed: number): string => `${durationText(elapsed)}, scans of ${[...awaited].join(', ')} to come`;
    return withHeartbeat({ log: host.log, clock: host.clock, quiet: QUIET, line }, (log) =>
      Promise.all(
        [...places.values()].map(async ({ name, place }) => {
          awaited.add(name);
          const look = await lookAt({ name, place, scannerFor: scanners.of, deadline, log });
          awaited.delete(name);
          log.info(`${name}: ${findingsText(look)} (${look.scanner})`);
          for (const text of look.troubles) log.warning(`${name}: the scan gave no complete answer: ${text}`);
          return look;
        }),
      ),
    );
  }

  #decide(judged: readonly Judged[], looks: readonly ImageLook[], deliveries: readonly Delivery[]): Decision {
    const troubles = looks.flatMap(({ name, troubles: texts }) =>
      texts.map((text) => ({ source: name, kind: 'unavailable' as const, text })),
    );
    const lost = deliveries.filter(({ outcome }) => outcome.kind === 'failed');
    const missing = lost.map(({ order }) => ({
      source: order.repository,
      kind: 'not-there' as const,
      text: 'it could not be pushed, so no scan has seen it',
    }));
    // The end of the action's own time is no silence of a scanner.
    const unavailable = this.services.signal.aborted ? 'fail' : this.asked.onUnavailable;
    const policies = { unavailable, 'not-there': 'fail' } as const;
    return decide(judged, [...troubles, ...missing], { maxFindings: 0, policies });
  }
}

type Places = ReadonlyMap<string, { readonly name: string; readonly place: Place; readonly of: readonly Delivery[] }>;

/** Each image once, however many tags were asked for. */
const placesOf = (deliveries: readonly Delivery[], registries: readonly Registry[]): Places => {
  const places = new Map<string, { name: string; place: Place; of: readonly Delivery[] }>();
  for (const delivery of deliveries) {
    const { outcome, login, order } = delivery;
    const registry = registries.find((each) => each.login === login);
    if (registry === undefined || !('digest' in outcome)) continue;
    const { repository, tags } = order;
    const key = `${login.host}/${repository}@${outcome.digest}`;
    const name = registries.length === 1 ? `${repository}:${tags[0]}` : `${login.host}/${repository}:${tags[0]}`;
    const place = { registry, repository, digest: outcome.digest };
    const known = places.get(key) ?? { name, place, of: [] };
    places.set(key, { ...known, of: [...known.of, delivery] });
  }
  return places;
};

const countsOf = (all: readonly { readonly finding: Judged['finding'] }[]) =>
  countSeverities(all.map(({ finding }) => finding.severity));

const findingsText = ({ found, troubles }: ImageLook): string => {
  const counts = countsText(found.map(({ finding }) => finding.severity));
  if (counts !== '') return troubles.length === 0 ? counts : `${counts}, not complete`;
  return troubles.length === 0 ? 'no findings' : 'no answer';
};

const verdictOf = (look: ImageLook, judged: readonly Judged[]): Verdict => {
  const isBlocked = judged.some(({ image, standing }) => image === look && standing.kind === 'fails');
  if (isBlocked) return 'blocked';
  return look.troubles.length === 0 ? 'passed' : 'unknown';
};

const imagesOf = (places: Places, looks: readonly ImageLook[], judged: readonly Judged[]) =>
  new Map<Delivery, ScannedImage>(
    looks.flatMap((look) => {
      const image = { verdict: verdictOf(look, judged), counts: countsOf(look.found), text: findingsText(look) };
      const place = [...places.values()].find((each) => each.place === look.place);
      return (place?.of ?? []).map((delivery) => [delivery, image] as const);
    }),
  );

/**
 * Opens the gate: reads what may silence findings, before anything is pushed.
 * @throws DeliveryError for an ignore file that cannot be read or understood, or has expired
 */
export const openGate = async (asked: ScanRequest, services: GateServices): Promise<Gate> => {
  const { host, workspace, signal } = services;
  const { variables, clock, log } = host;
  const change = await readChange(variables);
  const repository = new Git({ folder: workspace, variables, signal });
  const { ignoreFile } = asked;
  const file = { path: ignoreFile ?? IGNORE_FILE, isNamed: ignoreFile !== undefined };
  const here = { workspace, change, repository, log };
  const exceptions = await readExceptions(file, here, clock.now());
  return new Gate(asked, exceptions, reviewedCommit(change, variables), services);
};
