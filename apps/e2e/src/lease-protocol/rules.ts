/** How long a lease stands, after what time a send is given up, and a save. */
export const leaseTime = 3;
export const sendTime = 2;
export const saveTime = 1;

/** The protocol as it is, or weakened in one point. */
export interface Rules {
  /** An instance writes its lease into the record before it sends. */
  readonly leases: boolean;
  /** What it looks for right before the send: that its lease covers it and the save after it, the send alone, or nothing. */
  readonly look: "covers send and save" | "covers the send" | "none";
  /** Whoever has the lock takes another's lease for void. */
  readonly lockOverrides: boolean;
  /** Saves name the record they replace, and are refused if another one stands there. */
  readonly comparesAndSets: boolean;
  /** Whoever asks a person renews its lease meanwhile. */
  readonly renewsWhileAsking: boolean;
  /** A doubt about the refresh token is kept until there is a new token set; else it is dropped where a person is asked. */
  readonly keepsDoubt: boolean;
  /** What a person answers is saved only if nothing newer is stored by then. */
  readonly givesWay: boolean;
}

export const protocol: Rules = {
  ...{ leases: true, look: "covers send and save", lockOverrides: false, comparesAndSets: true },
  ...{ renewsWhileAsking: true, keepsDoubt: true, givesWay: true },
};
