import { dpop, password } from "@keyturn/oauth2";
import { serveAuth } from "@keyturn/store-web/worker";

serveAuth(password({ tokenEndpoint: `${location.origin}/token`, clientId: "example-page", dpop: dpop() }), { origins: [location.origin] });
