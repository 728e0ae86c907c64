export const outputs = {
  digest: { help: 'Digest of the image in the registry; with several images, of the first one.' },
  'image-uri': {
    help: 'URI of the image with its digest, `registry/repository@sha256:…`, for example for a template parameter; with several images, of the first one.',
  },
  'image-uris': { help: 'URIs of all images with their tags, as a JSON list.' },
  images: {
    help: 'All images in all registries, as JSON: `source`, `registry`, `repository`, `tags`, `digest`, `uri`, `result`, `bytes`, `error` and, if requested, `referrers`, `replicas`, `verdict` and `scanCounts`.',
  },
  pushed: {
    help: '`true` if an image or a tag was pushed, `false` if all of them already existed or got no tag from `tag-after-scan`.',
  },
  exists: { help: 'With `mode: check`: `true` if every tag exists and, if a source is given, points to that image.' },
  registry: { help: 'Address of the registry, if there is only one.' },
  'docker_username_*': {
    help: 'User name for each registry. `*` is the address of the registry, in which characters other than letters and digits are replaced with `_`.',
  },
  'docker_password_*': {
    help: 'Password for each registry, valid for 12 hours. Masked unless `mask-password` is `false`.',
  },
} as const;

export const environment = {
  DOCKER_CONFIG: { help: 'Directory with the registry logins and the previous Docker configuration.' },
  REGISTRY_AUTH_FILE: { help: 'File with the same logins for podman, buildah and skopeo.' },
  BUILDX_CONFIG: {
    help: 'Directory in which buildx stores its builders. It is still the previous directory, so that existing builders remain available.',
  },
} as const;
