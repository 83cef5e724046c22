package io.myelin.launcher.demo;

import io.myelin.model.Protocol;

/**
 * One service of the demo.
 *
 * @param name also its name in the registry
 * @param protocol what its endpoints speak
 * @param endpoints how many there are at the beginning
 * @param port where the proxy listens for it
 */
record DemoService(String name, Protocol protocol, int endpoints, int port) {
    /** The parent of the znodes that its endpoints register. */
    String path() {
        return "/nerve/services/" + name;
    }

    /** The host name by which the shared frontend knows it. */
    String hostName() {
        return name + ".demo";
    }
}
