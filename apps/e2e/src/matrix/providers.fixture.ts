import { manualClock, providerContract } from "@keyturn/core/testing";
import { auth0Variants } from "../../../../packages/auth0/src/variants.fixture.ts";
import { cognitoVariants } from "../../../../packages/cognito/src/variants.fixture.ts";
import { finapiClientVariants, finapiUserVariants } from "../../../../packages/finapi/src/variants.fixture.ts";
import { clientCredentialsVariants, extensionVariants, passwordVariants } from "../../../../packages/oauth2/src/variants.fixture.ts";
import { oloidVariants } from "../../../../packages/oloid/src/variants.fixture.ts";
import { platformIoVariants } from "../../../../packages/platform-io/src/variants.fixture.ts";
import { xfaVariants } from "../../../../packages/xfa/src/variants.fixture.ts";
import { xsignalsBasicVariants, xsignalsSsoVariants, xsignalsVariants } from "../../../../packages/xsignals/src/variants.fixture.ts";
import { type Variant, type Vendor, vendorOf } from "../vendor.fixture.ts";

/** One variant, ready to be tried. */
interface Trial {
  readonly name: string;
  readonly vendor: Vendor;
  readonly contractOnly: string | undefined;
  /** Runs the provider contract; resolves to the number of its cases. */
  readonly contract: () => Promise<number>;
}

/** A provider under every variant of its server. */
export interface Entry {
  readonly provider: string;
  readonly trials: readonly Trial[];
}

function entry<Credentials>(provider: string, variants: readonly Variant<Credentials>[]): Entry {
  return {
    provider,
    trials: variants.map((variant) => ({
      ...{ name: variant.name, contractOnly: variant.contractOnly, vendor: vendorOf(provider, variant) },
      async contract() {
        const clock = manualClock();
        const cases = providerContract({ ...variant, fetch: variant.emulate({ clock }).fetch, now: clock.now });
        for (const { run } of cases) await run();
        return cases.length;
      },
    })),
  };
}

/** All of them: a new provider joins with a line here. */
export const providers: readonly Entry[] = [
  entry("cognito", cognitoVariants),
  entry("xfa", xfaVariants),
  entry("oloid", oloidVariants),
  entry("xsignals", xsignalsVariants),
  entry("xsignalsBasic", xsignalsBasicVariants),
  entry("xsignalsSso", xsignalsSsoVariants),
  entry("auth0", auth0Variants),
  entry("platformIo", platformIoVariants),
  entry("finapiClient", finapiClientVariants),
  entry("finapiUser", finapiUserVariants),
  entry("password", passwordVariants),
  entry("extensionGrant", extensionVariants),
  entry("clientCredentials", clientCredentialsVariants),
];
