// A session made while a module loads, as an application of Workers has it: there it may do less than later.
import { createAuth, staticToken } from "@keyturn/core";

createAuth(staticToken("token"), { origins: ["https://api.example.com"] });
