package io.forebay.common.config;

import org.jspecify.annotations.Nullable;

/// One setting as documentation shows it.
///
/// @param key its name in a file: the record path in dash-case
/// @param type what its value is, in words
/// @param defaultText the value that it has when it is not given; null when there is none
/// @param doc what it means
public record SettingInfo(String key, String type, @Nullable String defaultText, String doc) {}
