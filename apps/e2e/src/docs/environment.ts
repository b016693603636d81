import { generateKeyPairSync } from "node:crypto";

/** A private key of this run. */
function privateKey(): string {
  const options = {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  } as const;
  return generateKeyPairSync("rsa", options).privateKey;
}

/** What the documents read from `process.env`, made up. */
export const environment = {
  COGNITO_CLIENT_ID: "1example23456789",
  COGNITO_USERNAME: "ann@example.com",
  COGNITO_PASSWORD: "Correct-Horse-9!",
  XFA_USERNAME: "service@example.com",
  XFA_PASSWORD: "Correct-Horse-9!",
  XSIGNALS_USERNAME: "ann@example.com",
  XSIGNALS_PASSWORD: "Correct-Horse-9!",
  AUTH0_CLIENT_ID: "example-client-id",
  AUTH0_CLIENT_SECRET: "example-client-secret",
  AUTH0_USERNAME: "ann@example.com",
  AUTH0_PASSWORD: "Correct-Horse-9!",
  OAUTH_CLIENT_ID: "example-client-id",
  OAUTH_CLIENT_SECRET: "example-client-secret",
  FINAPI_CLIENT_ID: "example-client-id",
  FINAPI_CLIENT_SECRET: "example-client-secret",
  FINAPI_DATA_DECRYPTION_KEY: "0123456789abcdef0123456789abcdef",
  FINAPI_USERNAME: "ann@example.com",
  FINAPI_PASSWORD: "Correct-Horse-9!",
  PLATFORM_IO_USERNAME: "service_user",
  PLATFORM_IO_PASSWORD: "Correct-Horse-9!",
  SESSION_KEY: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
  OLOID_TENANT_NAME: "example-tenant",
  OLOID_USERNAME: "oloid-client-0001",
  OLOID_PASSWORD: "Correct-Horse-9!",
  OKTA_CLIENT_ID: "0oa0example0client01d7",
  OKTA_PRIVATE_KEY: privateKey(),
  GOOGLE_SERVICE_ACCOUNT: JSON.stringify({
    type: "service_account",
    client_email: "robot@example-project.iam.gserviceaccount.com",
    private_key_id: "example-key",
    private_key: privateKey(),
    token_uri: "https://oauth2.googleapis.com/token",
  }),
  GITHUB_CLIENT_ID: "Iv1.example0client00",
  REDIS_URL: "redis://127.0.0.1:6379",
} as const;
