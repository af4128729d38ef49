// undici has types for its index only. Importing the index would load all of undici: 65-140 ms instead of 26 ms.
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';

  export default Client;
}
