// npm runs this file after it has installed the packages, with the first Node.js on its PATH. That is the Node.js in this
// project's packages. It is the host's Node.js when npm has no package of Node.js for the platform, or could not download
// it. The host's Node.js may be as old as version 18: use no newer syntax.
const NEEDED = 24;

const [major] = process.versions.node.split('.');
if (Number(major) < NEEDED) {
  process.stderr.write(
    `Node.js ${NEEDED} is required, but npm installed no Node.js for ${process.platform} ${process.arch}, and the host's version is ${process.version}. Run "npm ci" again, or install Node.js ${NEEDED} yourself.\n`,
  );
  process.exitCode = 1;
}
