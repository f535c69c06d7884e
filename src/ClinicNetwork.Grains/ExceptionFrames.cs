using System.Text;

namespace ClinicNetwork.Grains;

/// <summary>
/// An exception for the log: kinds and frames, the innermost last, without the texts. Orleans puts the grain's key into them, and any may repeat a value;
/// both can be what a caller chose as an id.
/// </summary>
public static class ExceptionFrames
{
    public static string Of(Exception exception)
    {
        var told = new StringBuilder();
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            told.Append(inner.GetType()).Append('\n').Append(inner.StackTrace).Append('\n');
        }

        return told.ToString();
    }
}
