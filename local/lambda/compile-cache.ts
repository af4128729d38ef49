/** The directory in a cloud assembly in which Node keeps the compiled code of the assembly's functions. */
export const COMPILE_CACHE = '.compile-cache';
