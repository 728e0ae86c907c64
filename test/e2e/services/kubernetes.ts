import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { type Certificate, createCertificate } from '../../../packages/action-kit/src/testing/certificate.js';
import { type RunningServer, startHttpsServer } from '../../../packages/action-kit/src/testing/http-servers.js';

const objectSchema = z.record(z.string(), z.unknown());
type KubernetesObject = Record<string, unknown>;

const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'update'];
const createResource = (name: string, kind: string) => ({
  name,
  kind,
  namespaced: true,
  singularName: '',
  verbs: VERBS,
});

/** API discovery, limited to deployments and replica sets. */
const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources: [] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    ],
  },
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: 'apps/v1',
    resources: [createResource('deployments', 'Deployment'), createResource('replicasets', 'ReplicaSet')],
  },
};

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const NAME = 'shop';
const SELECTOR = { app: NAME };

/** Merges a patch as Kubernetes does for objects; lists are replaced, because the deployment has one container. */
const merge = (target: KubernetesObject, patch: KubernetesObject): KubernetesObject => {
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const parsed = objectSchema.safeParse(value);
    if (value === null) delete result[key];
    else if (parsed.success) result[key] = merge(objectSchema.catch({}).parse(result[key]), parsed.data);
    else result[key] = value;
  }
  return result;
};

/** Applies JSON Patch operations that replace a value at `/<first>/<second>`. */
const applyJsonPatch = (target: KubernetesObject, operations: unknown): KubernetesObject => {
  let result = target;
  for (const { path, value } of z.array(z.object({ path: z.string(), value: z.unknown() })).parse(operations)) {
    const [first = '', second = ''] = path.split('/').slice(1);
    result = merge(result, { [first]: {} });
    result[first] = { ...objectSchema.parse(result[first]), [second]: value };
  }
  return result;
};

const podTemplateSchema = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })) }),
});
const deploymentSchema = z.looseObject({ spec: z.looseObject({ template: podTemplateSchema }) });

/** The API server of a cluster with one deployment, as far as `kubectl apply`, `rollout status` and `undo` use it. */
export class Cluster implements AsyncDisposable {
  /** Whether new revisions become available. */
  healthy = true;
  /** The image of each revision of the deployment, oldest first. */
  readonly images: string[] = [];
  /** The authorization headers of all requests. */
  readonly tokens = new Set<string>();
  private readonly templates: z.infer<typeof podTemplateSchema>[] = [];
  private deployment: KubernetesObject | undefined;
  private readonly certificate: Certificate;
  private server: RunningServer | undefined;

  private constructor(certificate: Certificate) {
    this.certificate = certificate;
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster(createCertificate(['127.0.0.1']));
    cluster.server = await startHttpsServer(cluster.certificate, async (request, response) => {
      cluster.tokens.add(request.headers.authorization ?? '');
      const { pathname, searchParams } = new URL(request.url ?? '/', 'https://127.0.0.1');
      const hasBody = ['POST', 'PATCH'].includes(request.method ?? '');
      const body = hasBody ? await json(request) : undefined;
      const isJsonPatch = request.headers['content-type'] === 'application/json-patch+json';
      cluster.respond(response, { path: pathname, isWatch: searchParams.has('watch'), body, isJsonPatch });
    });
    return cluster;
  }

  /** The description of the cluster, as EKS returns it. */
  describe(): object {
    const data = Buffer.from(this.certificate.cert).toString('base64');
    return {
      cluster: {
        name: NAME,
        arn: `arn:aws:eks:eu-west-1:123456789012:cluster/${NAME}`,
        endpoint: `https://127.0.0.1:${this.server?.port}`,
        certificateAuthority: { data },
        status: 'ACTIVE',
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server?.stop();
    this.certificate.dispose();
  }

  private respond(
    response: ServerResponse,
    { path, isWatch, body, isJsonPatch }: { path: string; isWatch: boolean; body: unknown; isJsonPatch: boolean },
  ): void {
    const send = (value: object, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const discovery = DISCOVERY[path];
    if (discovery !== undefined) send(discovery);
    // An empty document: objects of unknown types are not validated.
    else if (path === '/openapi/v2')
      response.writeHead(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' }).end();
    else if (isWatch) response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    else if (path.endsWith('/replicasets')) send(this.listReplicaSets());
    else if (body !== undefined) send(this.update(body, isJsonPatch));
    else if (this.deployment === undefined || !path.startsWith(DEPLOYMENTS))
      send({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404, reason: 'NotFound' }, 404);
    else if (path === DEPLOYMENTS)
      send({ kind: 'DeploymentList', apiVersion: 'apps/v1', metadata: {}, items: [this.deployment] });
    else send(this.deployment);
  }

  private update(body: unknown, isJsonPatch: boolean): KubernetesObject {
    const current = this.deployment ?? {};
    const changed = isJsonPatch ? applyJsonPatch(current, body) : merge(current, objectSchema.parse(body));
    const { template } = deploymentSchema.parse(changed).spec;
    this.templates.push(template);
    this.images.push(template.spec.containers[0]?.image ?? '');
    const generation = this.images.length;
    const failed = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
    const available = this.healthy ? 2 : 0;
    this.deployment = merge(changed, {
      metadata: {
        ...{ generation, namespace: 'default', uid: 'deployment', resourceVersion: String(generation) },
        annotations: { 'deployment.kubernetes.io/revision': String(generation) },
      },
      status: {
        ...{ observedGeneration: generation, replicas: 2, updatedReplicas: available, availableReplicas: available },
        conditions: this.healthy ? [] : [failed],
      },
    });
    return this.deployment;
  }

  private listReplicaSets(): object {
    const items = this.templates.map((template, index) => ({
      metadata: {
        name: `${NAME}-${index + 1}`,
        namespace: 'default',
        uid: `replica-set-${index + 1}`,
        labels: SELECTOR,
        annotations: { 'deployment.kubernetes.io/revision': String(index + 1) },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME, uid: 'deployment', controller: true },
        ],
      },
      spec: { replicas: 2, selector: { matchLabels: SELECTOR }, template },
    }));
    return { kind: 'ReplicaSetList', apiVersion: 'apps/v1', metadata: {}, items };
  }
}
