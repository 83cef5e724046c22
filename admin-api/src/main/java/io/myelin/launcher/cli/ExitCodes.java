package io.myelin.launcher.cli;

/** The exit codes of every command; those above 1 are the customary ones of sysexits.h. */
final class ExitCodes {
    static final int OK = 0;
    /** It was tried and did not work. */
    static final int FAILED = 1;
    /** The command line makes no sense. */
    static final int USAGE = 64;
    /** Nothing in the configuration can be used. */
    static final int CONFIGURATION = 78;

    private ExitCodes() {}
}
