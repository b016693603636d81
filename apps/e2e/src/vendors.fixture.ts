import { auth0Variant } from "../../../packages/auth0/src/variants.fixture.ts";
import { cognitoVariant } from "../../../packages/cognito/src/variants.fixture.ts";
import { finapiClientVariant, finapiUserVariant } from "../../../packages/finapi/src/variants.fixture.ts";
import { clientCredentialsVariants, extensionVariants, passwordVariants } from "../../../packages/oauth2/src/variants.fixture.ts";
import { oloidVariant } from "../../../packages/oloid/src/variants.fixture.ts";
import { platformIoVariant } from "../../../packages/platform-io/src/variants.fixture.ts";
import { xfaVariant } from "../../../packages/xfa/src/variants.fixture.ts";
import { xsignalsSsoVariant, xsignalsVariant } from "../../../packages/xsignals/src/variants.fixture.ts";
import { type Vendor, vendorOf } from "./vendor.fixture.ts";

export type { Running, Vendor } from "./vendor.fixture.ts";

/** Knobs of an emulator, and options of the provider that go with them. */
interface Choice<Variant extends (...parts: never) => unknown> {
  readonly name?: string;
  readonly knobs?: Parameters<Variant>[1];
  readonly options?: Parameters<Variant>[2];
}

export function cognitoVendor({ name = "cognito", knobs, options }: Choice<typeof cognitoVariant> = {}): Vendor {
  return vendorOf(name, cognitoVariant(name, knobs, options));
}

export function oloidVendor({ name = "oloid", knobs, options }: Choice<typeof oloidVariant> = {}): Vendor {
  return vendorOf(name, oloidVariant(name, knobs, options));
}

export function xsignalsVendor({ name = "xsignals", knobs }: Choice<typeof xsignalsVariant> = {}): Vendor {
  return vendorOf(name, xsignalsVariant(name, knobs));
}

function xsignalsSsoVendor({ name = "xsignals-sso", knobs }: Choice<typeof xsignalsSsoVariant> = {}): Vendor {
  return vendorOf(name, xsignalsSsoVariant(name, knobs));
}

export function auth0Vendor({ name = "auth0", knobs, options }: Choice<typeof auth0Variant> = {}): Vendor {
  return vendorOf(name, auth0Variant(name, knobs, options));
}

export function platformIoVendor({ name = "platform-io", knobs }: Choice<typeof platformIoVariant> = {}): Vendor {
  return vendorOf(name, platformIoVariant(name, knobs));
}

export function finapiUserVendor({ name = "finapi user", knobs }: Choice<typeof finapiUserVariant> = {}): Vendor {
  return vendorOf(name, finapiUserVariant(name, knobs));
}

/** Every provider there is, each with its server as it usually behaves. */
export const vendors: readonly Vendor[] = [
  cognitoVendor(),
  vendorOf("xfa", xfaVariant("xfa")),
  oloidVendor(),
  oloidVendor({ name: "oloid refreshed by its pool", options: { refresh: "cognito" } }),
  xsignalsVendor(),
  xsignalsSsoVendor(),
  auth0Vendor(),
  vendorOf("oauth2 password", passwordVariants[0]),
  vendorOf("oauth2 extension", extensionVariants[0]),
  vendorOf("oauth2 client credentials", clientCredentialsVariants[0]),
  platformIoVendor(),
  vendorOf("finapi client", finapiClientVariant("finapi client")),
  finapiUserVendor(),
];
