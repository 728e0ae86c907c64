export const outputs = {
  digest: { help: 'Digest of the (first) image in the registry.' },
  'image-uri': {
    help: 'The (first) image by its digest: `registry/repository@sha256:…`, ready for a template’s parameter.',
  },
  'image-uris': { help: 'All images by their tags, as a JSON list.' },
  images: {
    help: 'Every image in every registry as JSON: `source`, `registry`, `repository`, `tags`, `digest`, `uri`, `result`, `bytes`, `error`; where asked for, `referrers`, `verdict` and `scanCounts`.',
  },
  pushed: { help: '`true` when something was pushed, `false` when all was there already.' },
  exists: { help: 'In `mode: check`: `true` when every tag is there (and is the source, where one is given).' },
  registry: { help: 'The registry’s address, where there is one registry.' },
  'docker_username_*': {
    help: 'User of each registry; the star is its address with `_` for everything but letters and digits.',
  },
  'docker_password_*': { help: 'Password of each registry, good for 12 hours. Masked unless `mask-password: false`.' },
} as const;

export const environment = {
  DOCKER_CONFIG: { help: 'A folder of its own with the logins, beside what was there before.' },
  REGISTRY_AUTH_FILE: { help: 'The same for podman, buildah and skopeo.' },
  BUILDX_CONFIG: { help: 'Where buildx keeps its builders: as before.' },
} as const;
