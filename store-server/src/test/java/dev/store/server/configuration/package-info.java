@NullMarked
package dev.store.server.configuration;

import org.jspecify.annotations.NullMarked;
