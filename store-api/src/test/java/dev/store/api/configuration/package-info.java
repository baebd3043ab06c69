@NullMarked
package dev.store.api.configuration;

import org.jspecify.annotations.NullMarked;
