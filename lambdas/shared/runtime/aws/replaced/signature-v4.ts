/** In the bundles, this replaces the SDK's default signers: the clients use `createSigner`. */
export class SignatureV4 {
  constructor() {
    throw new Error('the setting `signer` is missing: the SDK has no default in a bundle');
  }
}

export class SignatureV4MultiRegion extends SignatureV4 {}
