using Pondus.Formats;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Keras;

/// <summary>Keras judges: a model takes the weights that Pondus wrote and predicts what it predicted before.</summary>
public sealed class KerasPeerTests
{
    private const string Judge = """
        import os, sys
        os.environ["KERAS_BACKEND"] = "torch"
        import numpy as np, keras
        folder, fixtures = sys.argv[1:3]
        for name in sys.argv[3:]:
            io = np.load(f"{fixtures}/{name}.io.npz")
            model = keras.models.load_model(f"{fixtures}/{name}.keras", compile=False)
            inputs = [io[f"x{i}"] for i in range(len(io.files) - 1)]
            for w in model.weights:
                w.assign(np.zeros(w.shape))
            model.load_weights(f"{folder}/{name}.weights.h5")
            y = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
            np.testing.assert_allclose(y, io["y"], atol=1e-6, err_msg=name)
            for path in (f"{folder}/{name}.keras", f"{folder}/{name}.h5"):
                model = keras.models.load_model(path, compile=False)
                y = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
                np.testing.assert_allclose(y, io["y"], atol=1e-6, err_msg=path)
        """;

    [Fact]
    public void Save_FiveNetworksInThreeForms_AreTakenByKeras()
    {
        string[] names = ["dense", "cnn", "rnn", "attention", "nested"];
        using TestFolder folder = new();
        string fixtures = TestData.PathOf("fixtures/keras");
        foreach (string name in names)
        {
            using WeightFile file = WeightFile.Open(Path.Combine(fixtures, $"{name}.keras"));
            WeightFormats.Find("keras")!.Save(folder.File($"{name}.weights.h5"), [.. file.Entries], file.Metadata);
            WeightFormats.Find("keras")!.Save(folder.File($"{name}.keras"), [.. file.Entries], file.Metadata);
            using WeightFile older = WeightFile.Open(Path.Combine(fixtures, $"{name}.h5"));
            WeightFormats.Find("hdf5")!.Save(folder.File($"{name}.h5"), [.. older.Entries.Reverse()], older.Metadata);
        }

        Peers.RunPython(["-c", Judge, folder.FullPath, fixtures, .. names]);
    }
}
