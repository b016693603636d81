import { onStage, resultOf, type Scenario } from "../scenario.ts";

const word = "the body of this request";
const bytes = new TextEncoder().encode(word);

/** Each made anew; what arrives holds the word, whatever the encoding around it. */
const bodies: Readonly<Record<string, () => BodyInit>> = {
  string: () => word,
  URLSearchParams: () => new URLSearchParams({ word: "the-body-of-this-request" }),
  FormData: () => {
    const form = new FormData();
    form.set("word", word);
    return form;
  },
  Blob: () => new Blob([word]),
  ArrayBuffer: () => bytes.buffer,
  Uint8Array: () => bytes,
};

const stream = (): BodyInit =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });

/** What can be sent again is; what cannot must not go out empty. */
export const bodiesReplayed: Scenario = {
  name: "bodies",
  explained: `kinds of body that arrive whole on the re-send, of ${Object.keys(bodies).length}; and what becomes of a stream, which can be sent once`,
  run: (peer) =>
    onStage(
      peer,
      async ({ client, issuer }) => {
        let arrived: string[] = [];
        issuer.beforeApi = (_, body) => void arrived.push(new TextDecoder().decode(body));
        const post = async (body: BodyInit) => {
          arrived = [];
          issuer.expire();
          const result = await resultOf(client.send("/upload", { method: "POST", body }));
          await resultOf(client.send("/between")); // accepted with the new token, where one was had
          return { result, whole: arrived.slice(0, -1).map((text) => text.replaceAll("-", " ").includes(word)) };
        };
        let replayed = 0;
        for (const body of Object.values(bodies)) {
          const { result, whole } = await post(body());
          if (result === 200 && whole.length === 2 && whole.every(Boolean)) replayed++;
        }
        const { whole, result } = await post(stream());
        const emptied = whole.includes(false);
        const fate = emptied ? "sent empty" : fateOf(result);
        const all = Object.keys(bodies).length;
        return { text: `${replayed} of ${all}, stream: ${fate}`, good: replayed === all && !emptied };
      },
      { rotation: false }, // several renewals in one session, which not every peer survives otherwise
    ),
};

function fateOf(result: number | "error" | "hangs"): string {
  if (result === 200) return "re-sent";
  return typeof result === "number" ? `its ${result}` : result;
}
