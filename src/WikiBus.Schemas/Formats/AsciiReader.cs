namespace WikiBus.Schemas.Formats;

/// <summary>Takes a text apart from its front. A failed step leaves the reader where it was.</summary>
internal ref struct AsciiReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryTake(char wanted)
    {
        if (_rest.IsEmpty || _rest[0] != wanted)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes a letter in either case.</summary>
    public bool TryTakeLetter(char lower)
    {
        if (_rest.IsEmpty || (_rest[0] | 0x20) != lower)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes exactly this number of digits.</summary>
    public bool TryTakeNumber(int digits, out int value)
    {
        value = 0;
        if (_rest.Length < digits)
        {
            return false;
        }

        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiDigit((char)_rest[i]))
            {
                return false;
            }

            value = (value * 10) + (_rest[i] - '0');
        }
        _rest = _rest[digits..];
        return true;
    }

    /// <summary>Takes all digits that follow, and returns their number.</summary>
    public int TakeDigits()
    {
        var count = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        count = count < 0 ? _rest.Length : count;
        _rest = _rest[count..];
        return count;
    }

    /// <summary>Takes a space or a control character that JavaScript's <c>\s</c> matches.</summary>
    public bool TryTakeWhiteSpace()
    {
        if (_rest.IsEmpty || _rest[0] is not ((byte)' ' or (>= (byte)'\t' and <= (byte)'\r')))
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }
}
