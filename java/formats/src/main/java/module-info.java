/** Model files and arrays, in and out: ONNX, safetensors, Keras, npy. */
module dev.carousel.formats {
  requires transitive dev.carousel.core;
  requires io.jhdf;
  requires static transitive org.jspecify;

  exports dev.carousel.formats;
  exports dev.carousel.formats.data;
  exports dev.carousel.formats.json;
  exports dev.carousel.formats.model;
  exports dev.carousel.formats.npy;
  exports dev.carousel.formats.run;
}
