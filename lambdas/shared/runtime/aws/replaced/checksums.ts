/** In the bundles, these replace the SDK's default hashes: `createSigner` hashes, and the setting `md5` is false. */
export class Sha256 {
  constructor() {
    throw new Error('the setting `signer` is missing: the SDK has no default hash in a bundle');
  }
}

export class Md5 {
  constructor() {
    throw new Error('the setting `md5` is missing: the SDK has no default hash in a bundle');
  }
}
