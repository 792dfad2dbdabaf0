"""The trainer process of the trl engine: `python main.py RUN_FOLDER`."""

from ingrain_trl.process import main

if __name__ == "__main__":
    main()
